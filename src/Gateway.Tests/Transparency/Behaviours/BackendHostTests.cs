using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Differential;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>Backends that use the name by which they are asked for, and what becomes of it with BACKEND_HOST.</summary>
public sealed class BackendHostTests : IAsyncLifetime
{
    private const string Name = Http2Request.Authority;

    private readonly RecordingBackend _recorded = RecordingBackend.Start();
    private ServerProgram _nginx = null!;
    private NamingBackend _naming = null!;

    [Theory]
    [InlineData(null, false)]
    [InlineData("backend", false)]
    [InlineData("client", true)]
    public async Task The_backend_gets_its_own_Host_or_the_clients_by_BACKEND_HOST(string? setting, bool isClients)
    {
        await using var gateway = await StartAsync(_recorded.Address, setting);
        await AskAsync(gateway, "GET /recorded");

        Assert.Equal([isClients ? Name : _recorded.Address.Authority], _recorded.Request.Head.All("Host"));
    }

    [Fact]
    public async Task The_authority_of_HTTP_2_becomes_the_Host_by_BACKEND_HOST_client()
    {
        var port = FreePort.Next();
        await using var gateway = await StartAsync(_recorded.Address, "client", ("H2C_PORT", $"{port}"));
        await using var client = await Http2Client.ConnectAsync(new Uri($"http://127.0.0.1:{port}/"));
        await client.ExchangeAsync(new Http2Request("GET", "/recorded", []));

        Assert.Equal([Name], _recorded.Request.Head.All("Host"));
    }

    [Fact]
    public async Task An_absolute_target_names_the_Host_by_BACKEND_HOST_client()
    {
        await using var gateway = await StartAsync(_recorded.Address, "client");
        await RawClient.ExchangeAsync(gateway.Public, $"GET http://{Name}/recorded HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n");

        Assert.Equal([Name], _recorded.Request.Head.All("Host"));
        Assert.Equal("/recorded", _recorded.Request.Head.Target);
    }

    [Theory]
    [InlineData("backend", false)]
    [InlineData("client", true)]
    public async Task A_redirect_of_nginx_to_a_folder_stays_on_the_gateway_by_BACKEND_HOST_client(string setting, bool stays)
    {
        await using var gateway = await StartAsync(_nginx.Address, setting);
        var answer = await AskAsync(gateway, "GET /dir");

        Assert.Equal((301, $"http://{(stays ? Name : _nginx.Address.Host)}/dir/"), (answer.Status, answer.Header("Location")));
        Assert.Equal(200, (await AskAsync(gateway, "GET /dir/")).Status);
    }

    [Theory]
    [InlineData("backend", false)]
    [InlineData("client", true)]
    public async Task A_file_is_moved_over_WebDAV_by_BACKEND_HOST_client(string setting, bool moves)
    {
        await using var gateway = await StartAsync(_nginx.Address, setting);
        Assert.Equal(201, (await AskAsync(gateway, "PUT /a.txt", "Content-Length: 5\r\n", "hello")).Status);
        var answer = await AskAsync(gateway, "MOVE /a.txt", $"Destination: http://{Name}/b.txt\r\n");

        Assert.Equal(moves ? 204 : 400, answer.Status == 201 ? 204 : answer.Status);
        Assert.Equal(moves ? 200 : 404, (await AskAsync(gateway, "GET /b.txt")).Status);
    }

    [Theory]
    [InlineData("backend", 403)]
    [InlineData("client", 200)]
    public async Task A_form_is_accepted_by_a_backend_that_compares_Origin_with_Host_by_BACKEND_HOST_client(string setting, int status)
    {
        await using var gateway = await StartAsync(_naming.Address, setting);

        Assert.Equal(status, (await AskAsync(gateway, "POST /form", $"Origin: http://{Name}\r\nContent-Length: 3\r\n", "a=b")).Status);
    }

    [Theory]
    [InlineData("backend", false)]
    [InlineData("client", true)]
    public async Task An_upload_continues_at_its_Location_by_BACKEND_HOST_client(string setting, bool stays)
    {
        await using var gateway = await StartAsync(_naming.Address, setting);
        var begun = await AskAsync(gateway, "POST /files", "Tus-Resumable: 1.0.0\r\nUpload-Length: 5\r\nContent-Length: 0\r\n");
        Assert.Equal(201, begun.Status);
        Assert.Equal(stays ? Name : _naming.Address.Authority, new Uri(begun.Header("Location")!).Authority);

        var path = new Uri(begun.Header("Location")!).AbsolutePath;
        var rest = await AskAsync(gateway, $"PATCH {path}", "Upload-Offset: 0\r\nContent-Length: 5\r\n", "hello");
        Assert.Equal((204, "5"), (rest.Status, rest.Header("Upload-Offset")));
    }

    public async ValueTask InitializeAsync() => (_nginx, _naming) = (await StaticNginx.StartAsync(), await NamingBackend.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _recorded.DisposeAsync();
        await _nginx.DisposeAsync();
        await _naming.DisposeAsync();
    }

    private static Task<GatewayUnderTest> StartAsync(Uri backend, string? setting, params (string, string?)[] more) =>
        GatewayUnderTest.StartAsync(TestSettings.Embedded([("BACKEND_URL", $"{backend}"), ("BACKEND_HOST", setting), .. more]));

    private static Task<WireMessage> AskAsync(GatewayUnderTest gateway, string line, string fields = "", string body = "") =>
        RawClient.ExchangeAsync(gateway.Public, $"{line} HTTP/1.1\r\nHost: {Name}\r\n{fields}Connection: close\r\n\r\n{body}");
}
