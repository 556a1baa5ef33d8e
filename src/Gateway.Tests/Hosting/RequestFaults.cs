using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;

namespace FathomGateway.Tests.Hosting;

/// <summary>Faulty requests of anonymous clients that a server would log, each on its own connection.</summary>
internal static class RequestFaults
{
    /// <summary>How long an answer may take before we say that nothing more will come.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private const string Chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n";

    /// <summary>Bytes that are sent as they are, until the gateway answers or ends the connection.</summary>
    public static readonly Dictionary<string, string> Bytes = new()
    {
        ["garbage"] = "\0\u00ff garbage\r\n\r\n",
        ["TLS in the clear"] = "\u0016\u0003\u0001\0\u00a5\u0001\0\0\u00a1\u0003\u0003aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        ["no host"] = "GET / HTTP/1.1\r\n\r\n",
        ["a field without a name"] = "GET / HTTP/1.1\r\nHost: h\r\n: a\r\n\r\n",
        ["HTTP/9.9"] = "GET / HTTP/9.9\r\nHost: h\r\n\r\n",
        ["a target with NUL"] = "GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n",
        ["a target that is no address"] = "GET http://[::1/ HTTP/1.1\r\nHost: h\r\n\r\n",
        ["a target too long"] = $"GET /{new string('a', 20_000)} HTTP/1.1\r\nHost: h\r\n\r\n",
        ["a field too long"] = $"GET / HTTP/1.1\r\nHost: h\r\nA: {new string('a', 40_000)}\r\n\r\n",
        ["a chunk that is no number"] = Chunked + "\r\nzz\r\nabc\r\n",
        ["a trailer without a name"] = Chunked + "\r\n0\r\n: a\r\n\r\n",
        ["a coding that is none"] = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\nabc",
        ["a length below nothing"] = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\nabc",
        ["three lengths"] = Chunked + "X-Content-Length: 5\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        ["three lengths on an own route"] = Chunked.Replace(" / ", " /fathom/connect ", StringComparison.Ordinal)
            + "Content-Length: 3\r\nX-Content-Length: 5\r\n\r\n0\r\n\r\n",
        ["a list that is none"] = "OPTIONS /fathom/connect HTTP/1.1\r\nHost: h\r\nOrigin: "
            + "https://app.example.test\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: \u0001\r\n\r\n",
        ["CONNECT"] = "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n",
        ["CONNECT with an address"] = "CONNECT http://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
        ["an upgrade to nothing"] = "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: nothing\r\n\r\n",
        ["an Expect that is none"] = "POST / HTTP/1.1\r\nHost: h\r\nExpect: nothing\r\nContent-Length: 1\r\n\r\na",
    };

    /// <summary>Connections that end by a reset in the middle of something.</summary>
    public static readonly Dictionary<string, string> Resets = new()
    {
        ["nothing"] = "",
        ["half a head"] = "POST / HTTP/1.1\r\nHo",
        ["half an upload"] = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc",
        ["half an upload to an own route"] = "POST /fathom/callback HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc",
        ["a request"] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
    };

    /// <summary>Frames of HTTP/2, sent after the preface.</summary>
    public static readonly Dictionary<string, Func<IEnumerable<Http2Frame>>> Frames = new()
    {
        ["a frame of no type"] = () => [new(99, 0, 0, new byte[20_000])],
        ["fields that are none"] = () => [new(Http2Frame.Headers, 5, 1, [255, 255, 255, 255, 255, 255])],
        ["a stream of the server's"] = () => [Get(2)],
        ["a window beyond its limit"] = () =>
            [new(Http2Frame.WindowUpdate, 0, 0, [127, 255, 255, 255]), new(Http2Frame.WindowUpdate, 0, 0, [127, 255, 255, 255])],
        ["data of no stream"] = () => [new(Http2Frame.Data, 0, 0, [1])],
        ["a path that is none"] = () => [Get(1, path: "foo")],
        ["a path with NUL"] = () => [Get(1, path: "/%00")],
        ["CONNECT"] = () => [new(Http2Frame.Headers, 5, 1, Hpack.Encode([new(":method", "CONNECT"), new(":authority", "h:443")]))],
        ["CONNECT to a protocol that is not known"] = () =>
            [new(Http2Frame.Headers, 4, 1, Hpack.Encode([new(":method", "CONNECT"), new(":protocol", "x"), new(":scheme", "http"),
                new(":authority", "h"), new(":path", "/")]))],
        ["streams reset as they begin"] = () => Enumerable.Range(0, 2000).SelectMany(i =>
            (Http2Frame[])[Get((2 * i) + 1), new(Http2Frame.Reset, 0, (2 * i) + 1, [0, 0, 0, 8])]),
        ["more streams than there may be"] = () => Enumerable.Range(0, 300).Select(i => Get((2 * i) + 1)),
        ["pings"] = () => Enumerable.Repeat(new Http2Frame(Http2Frame.Ping, 0, 0, new byte[8]), 3000),
    };

    /// <summary>What is sent to a listener with TLS, without a handshake.</summary>
    public static readonly Dictionary<string, string> Handshakes = new()
    {
        ["HTTP in the clear"] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        ["a greeting that is none"] = "\u0016\u0003\u0001\0\u00a5\u0001\0\0\u00a1\u0003\u0003" + new string('a', 200),
        ["half a greeting"] = "\u0016\u0003\u0001\0\u00a5\u0001",
    };

    public static Task SendFramesAsync(Uri address, IEnumerable<Http2Frame> frames) =>
        SendAsync(address, [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. new Http2Frame(Http2Frame.Settings, 0, 0, []).ToBytes(),
            .. frames.SelectMany(one => one.ToBytes())]);

    public static Task SendAsync(Uri address, string text) => SendAsync(address, Encoding.Latin1.GetBytes(text));

    /// <summary>Sends, and after a while says "nothing more from me": in any case the gateway ends the connection.</summary>
    public static async Task SendAsync(Uri address, byte[] bytes)
    {
        await using var client = await RawClient.ConnectAsync(address);
        try
        {
            await client.SendAsync(bytes);
            var end = ReadToEndAsync(client);
            if (await Task.WhenAny(end, Task.Delay(Pause)) != end) client.FinishSending();
            await end;
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            // The gateway has had enough of this connection.
        }
    }

    public static async Task ResetAsync(Uri address, string text)
    {
        await using var client = await RawClient.ConnectAsync(address);
        await client.SendAsync(text);
        // Another connection is answered meanwhile: most of what came before it has been read.
        await SendAsync(address, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        client.Reset();
    }

    /// <summary>A client that does not like the certificate.</summary>
    public static async Task RefuseCertificateAsync(Uri address)
    {
        using var client = new TcpClient(address.Host, address.Port);
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => false);
        await Xunit.Record.ExceptionAsync(() => tls.AuthenticateAsClientAsync("localhost"));
    }

    private static async Task ReadToEndAsync(RawClient client)
    {
        while (await client.ReadSomeAsync() is { Length: > 0 })
        {
        }
    }

    private static Http2Frame Get(int stream, string path = "/") =>
        new(Http2Frame.Headers, 5, stream, Hpack.Encode([new(":method", "GET"), new(":scheme", "http"), new(":authority", "h"),
            new(":path", path)]));
}
