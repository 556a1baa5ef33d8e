using System.Text;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>Scripts of the backend in which request and response are under way at the same time, or one of them has no end.</summary>
internal static class SoakStreams
{
    private const string EndOfChunks = "0\r\n\r\n";

    /// <summary>413 while the upload is under way. Whoever closes reads on, so that no reset takes the answer.</summary>
    public static async Task EarlyAsync(RawExchange exchange, SoakRequest request)
    {
        var closes = request.Variant == "close";
        await SoakResponses.SendWithLengthAsync(exchange, request, "413 Content Too Large", closes ? "Connection: close\r\n" : "");
        if (!closes) return;
        exchange.FinishSending();
        await exchange.IsEndedByPeerAsync();
        exchange.Close();
    }

    /// <summary>Each piece goes back when it comes, in the request's own framing.</summary>
    public static async Task DuplexAsync(RawExchange exchange, SoakRequest request)
    {
        var isChunked = exchange.Head.Value("Transfer-Encoding") is not null;
        var framing = isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {request.Sent}";
        await exchange.SendAsync(SoakResponses.Head(request, "200 OK", framing));
        var (echoed, tail) = (0, "");
        while (isChunked ? !tail.EndsWith(EndOfChunks, StringComparison.Ordinal) : echoed < request.Sent)
        {
            var some = await exchange.ReadSomeAsync();
            if (some.Length == 0) throw new EndOfStreamException();
            await exchange.SendAsync(some);
            echoed += some.Length;
            var last = tail + Encoding.Latin1.GetString(some[^Math.Min(some.Length, EndOfChunks.Length)..]);
            tail = last[^Math.Min(last.Length, EndOfChunks.Length)..];
        }

        exchange.RequestIsRead();
    }

    /// <summary>Goes on until the gateway closes the connection.</summary>
    public static async Task EndlessAsync(RawExchange exchange, SoakRequest request)
    {
        await exchange.SendAsync(SoakResponses.Head(request, "200 OK", "Transfer-Encoding: chunked"));
        var piece = request.ResponseBody;
        while (true) await SoakResponses.SendChunksAsync(exchange, piece);
    }

    /// <summary>Of an upload whose client breaks off, no end may be seen but that of the connection.</summary>
    public static async Task SwallowAsync(RawExchange exchange, SoakRequest request, SoakBackend backend)
    {
        var received = await exchange.ReadRequestAsync();
        backend.Violate("cut", request, $"an upload that was broken off reached the backend as a whole of {received.Body.Length} bytes");
    }
}
