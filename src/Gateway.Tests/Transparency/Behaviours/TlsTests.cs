using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>A listener with TLS by the server's own configuration: HTTP/2 where the client can, HTTP/1.1 where not.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly int _port = FreePort.Next();
    private Pair _pair = null!;

    public async ValueTask InitializeAsync()
    {
        _pair = await Pair.WithAsync(
            ("Kestrel:Endpoints:Https:Url", $"https://127.0.0.1:{_port}"),
            ("Kestrel:Endpoints:Https:Certificate:Path", SelfSigned.CreateFile()),
            ("Kestrel:Endpoints:Https:Certificate:Password", SelfSigned.Password));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_request_target_sent_over_TLS_arrives_to_the_letter(string version)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == SelfSigned.Subject }
        });
        var address = new Uri(
            $"https://127.0.0.1:{_port}/a%2Fb?x=%41", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(version, response.Version.ToString());
        Assert.Equal("/a%2Fb?x=%41", _pair.Backend.Request.Head.Target);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
