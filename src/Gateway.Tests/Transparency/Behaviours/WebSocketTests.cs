using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>An upgraded connection is a pipe: every byte both ways, for as long as both ends like.</summary>
public sealed class WebSocketTests : IAsyncLifetime
{
    private const string Handshake =
        "GET /socket?x=%41 HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
        + "Origin: https://app.example.test\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat.v2, chat\r\n"
        + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nCookie: a=b\r\n\r\n";

    private const string Accepted =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
        + "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: permessage-deflate\r\nX-Backend: yes\r\n\r\n";

    private readonly Pair _pair = new();

    public ValueTask InitializeAsync() => _pair.InitializeAsync();

    [Fact]
    public async Task A_WebSocket_handshake_keeps_its_fields_and_the_stream_every_byte_F21()
    {
        var everyByte = Enumerable.Range(0, 256).Select(code => (byte)code).ToArray();
        _pair.Backend.Answers(async (_, exchange) =>
        {
            await exchange.SendAsync(Accepted);
            for (byte[] some; (some = await exchange.Reader.ReadSomeAsync(exchange.ServerEnds)).Length > 0;) await exchange.SendAsync(some);
            exchange.Close();
        });
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync(Handshake);

        var head = await client.ReadHeadAsync();
        await client.SendAsync(everyByte);
        var echoed = new List<byte>();
        while (echoed.Count < everyByte.Length) echoed.AddRange(await client.ReadSomeAsync());

        Assert.Equal(everyByte, echoed);
        Assert.Equal(Lines(Accepted), head.Fields.Where(line => line.Key != "Date").Select(line => $"{line.Key}: {line.Value}").Order());
        var request = _pair.Backend.Request.Head;
        Assert.Equal("/socket?x=%41", request.Target);
        Assert.Equal(
            Lines(Handshake).Where(line => !line.StartsWith("Host", StringComparison.Ordinal))
                .Select(line => line.Replace("keep-alive, ", "", StringComparison.Ordinal)),
            request.Fields.Where(line => line.Key != "Host").Select(line => $"{line.Key}: {line.Value}").Order());

        static IEnumerable<string> Lines(string text) => text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Order();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_one_side_of_a_WebSocket_reaches_the_other_F21(bool clientEnds)
    {
        var backendSawEnd = new TaskCompletionSource();
        _pair.Backend.Answers(async (_, exchange) =>
        {
            await exchange.SendAsync(Accepted);
            if (!clientEnds) exchange.Close();
            else if ((await exchange.Reader.ReadSomeAsync(exchange.ServerEnds)).Length == 0) backendSawEnd.SetResult();
        });
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync(Handshake);
        Assert.Equal(101, (await client.ReadHeadAsync()).Status);

        if (clientEnds)
        {
            client.FinishSending();
            await backendSawEnd.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
        else
        {
            Assert.True(await client.IsClosedByPeerAsync());
        }
    }

    [Fact]
    public async Task A_refused_WebSocket_handshake_is_passed_on()
    {
        _pair.Backend.Answers("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");

        var response = await RawClient.ExchangeAsync(_pair.Gateway.Public, Handshake);

        Assert.Equal(403, response.Status);
        Assert.Equal("no", response.BodyText);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
