using System.Diagnostics;
using System.Globalization;
using System.Text;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>Scripts of the backend that break HTTP: responses that break off, and bytes that belong to none.</summary>
internal static class SoakBadResponses
{
    /// <summary>
    /// Longest that stray bytes come after a response without a body: the gateway does not reuse the connection for 500 ms.
    /// </summary>
    public const int MaxDelay = 350;

    private const string Stranger = "somebody-elses";

    /// <summary>Well below the 500 ms, so that what is late on a busy machine is not sent at all.</summary>
    private static readonly TimeSpan Latest = TimeSpan.FromMilliseconds(MaxDelay + 50);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Breaks off before the head, after it, or within a body of each framing; in good order or by a reset.</summary>
    public static async Task CutAsync(RawExchange exchange, SoakRequest request)
    {
        await exchange.ReadRequestAsync();
        var (at, by) = (request.Variant.Split('-')[0], request.Variant.Split('-')[1]);
        var framing = at switch
        {
            "chunk" => "Transfer-Encoding: chunked",
            "open" => "Connection: close",
            _ => $"Content-Length: {request.Length}",
        };
        var head = SoakResponses.Head(request, "200 OK", framing);
        await exchange.SendAsync(at switch { "nothing" => "", "line" => head[..(head.Length / 2)], _ => head });
        var part = request.ResponseBody.AsMemory(0, request.Length / 2);
        if (at is "body" or "open") await exchange.SendAsync(part);
        if (at == "chunk") await SoakResponses.SendChunksAsync(exchange, part.ToArray());
        if (by == "reset") exchange.Reset();
        else exchange.Close();
    }

    /// <summary>HEAD, 204 or 304, and a complete answer to another request behind it: at once, or after so many milliseconds.</summary>
    public static async Task BodilessAsync(RawExchange exchange, SoakRequest request, SoakBackend backend)
    {
        await exchange.ReadRequestAsync();
        var delay = Milliseconds(request);
        var status = request.Variant.Split('-')[0] switch { "HEAD" => "200 OK", "204" => "204 No Content", _ => "304 Not Modified" };
        var head = SoakResponses.Head(request, status, "Content-Language: en");
        var stray = $"HTTP/1.1 200 OK\r\nX-Id: {Stranger}\r\nContent-Length: {Stranger.Length}\r\n\r\n{Stranger}";
        await exchange.SendAsync(delay == 0 ? head + stray : head);
        if (delay == 0 || await StrayAsync(exchange, stray, delay, Latest)) await backend.ExpectCloseAsync(exchange, request);
    }

    /// <summary>
    /// Bytes that are no answer, on a connection that has been idle for a while. They may cross the next request: see
    /// <see cref="SoakBackend.IsSpoiled"/>.
    /// </summary>
    public static async Task StrayAsync(RawExchange exchange, SoakRequest request, SoakBackend backend)
    {
        await exchange.ReadRequestAsync();
        await SoakResponses.SendWithLengthAsync(exchange, request, "200 OK");
        var hasStrayed = await StrayAsync(exchange, "\r\nstray\r\n\r\n", Milliseconds(request), TimeSpan.MaxValue);
        if (hasStrayed) await backend.ExpectCloseAsync(exchange, request);
    }

    private static int Milliseconds(SoakRequest request) => int.Parse(request.Variant.Split('-')[1], CultureInfo.InvariantCulture);

    /// <returns>Whether the bytes were sent: not where the next request, or the end of the connection, came first.</returns>
    private static async Task<bool> StrayAsync(RawExchange exchange, string bytes, int delay, TimeSpan latest)
    {
        var answered = Stopwatch.GetTimestamp();
        var stray = Encoding.ASCII.GetBytes(bytes);
        while (!exchange.HasInput)
        {
            var elapsed = Stopwatch.GetElapsedTime(answered);
            if (elapsed > latest) return false;
            if (elapsed.TotalMilliseconds >= delay)
            {
                await exchange.SendAsync(stray);
                return true;
            }

            await Task.Delay(Pause, exchange.ServerEnds);
        }

        return false;
    }
}
