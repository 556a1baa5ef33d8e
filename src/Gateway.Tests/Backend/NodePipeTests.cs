using System.Security.Cryptography;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>The shortest of all Node servers, <c>req.pipe(res)</c>: it stops reading when its answer is not read.</summary>
[Trait("Speed", "Slow")]
public sealed class NodePipeTests : IAsyncLifetime
{
    private const string Script =
        "import http from 'node:http'; http.createServer((req, res) => req.pipe(res)).listen(port, '127.0.0.1');";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private ServerProgram _node = null!;
    private GatewayUnderTest _gateway = null!;
    private Uri _http2 = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ServerProgram.NodeAsync(Script);
        var port = FreePort.Next();
        _http2 = new Uri($"http://127.0.0.1:{port}/");
        _gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("BACKEND_URL", $"{_node.Address}"), ("H2C_PORT", $"{port}")));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(12_000_000, false)]
    [InlineData(48_000_000, false)]
    [InlineData(12_000_000, true)]
    [InlineData(48_000_000, true)]
    public async Task A_body_that_Node_pipes_back_arrives_whole_over_HTTP_1_1_B1(int length, bool chunked)
    {
        var sent = RandomNumberGenerator.GetBytes(length);
        await using var client = await RawClient.ConnectAsync(_gateway.Public);
        await client.SendAsync(Upload.Head(chunked, length));
        var sending = SendAsync(client, sent, chunked);

        var response = await client.ReadResponseAsync("POST", Limit);

        await sending;
        Assert.Equal(200, response.Status);
        Assert.True(sent.AsSpan().SequenceEqual(response.Body), $"{response.Body.Length} bytes of {length}");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(12_000_000, false)]
    [InlineData(48_000_000, false)]
    [InlineData(48_000_000, true)]
    public async Task A_body_that_Node_pipes_back_arrives_whole_over_HTTP_2_B1(int length, bool announced)
    {
        var sent = RandomNumberGenerator.GetBytes(length);
        using var client = GatewayClient.For(_http2);
        using var content = new StreamedContent(sent, 16 * 1024, announced);
        using var request = Upload.Http2Post(content);

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var received = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(200, (int)response.StatusCode);
        Assert.True(sent.AsSpan().SequenceEqual(received), $"{received.Length} bytes of {length}");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _node.DisposeAsync();
    }

    private static async Task SendAsync(RawClient client, byte[] bytes, bool chunked)
    {
        foreach (var piece in bytes.Chunk(64 * 1024))
        {
            if (chunked) await client.SendAsync($"{piece.Length:x}\r\n");
            await client.SendAsync(piece);
            if (chunked) await client.SendAsync("\r\n");
        }

        if (chunked) await client.SendAsync("0\r\n\r\n");
    }
}
