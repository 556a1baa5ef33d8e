using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>A WebSocket that a browser opens on a stream of HTTP/2 (RFC 8441) reaches a backend of HTTP/1.1 as an upgrade.</summary>
public sealed class WebSocketOverHttp2Tests
{
    private const int Length = 300_000;

    [Fact]
    public async Task WebSocket_messages_and_the_close_over_HTTP_2_pass_both_ways_B9()
    {
        await using var backend = await EchoBackend.StartAsync();
        var pair = await Pair.WithAsync(("BACKEND_URL", backend.Address));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var client = new ClientWebSocket();
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await client.ConnectAsync(new UriBuilder(pair.Http2) { Scheme = "ws" }.Uri, invoker, limit.Token);

        for (var i = 0; i < 3; i++)
        {
            var sent = RandomNumberGenerator.GetBytes(Length);
            await client.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
            var received = await ReceiveAsync(client, limit.Token);
            Assert.True(sent.AsSpan().SequenceEqual(received));
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", limit.Token);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
        await pair.DisposeAsync();
    }

    private static async Task<byte[]> ReceiveAsync(ClientWebSocket client, CancellationToken cancel)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await client.ReceiveAsync(buffer, cancel);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return message.ToArray();
        }
    }
}
