namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>What the backend may see otherwise than the client sent it.</summary>
internal static partial class PermittedDifferences
{
    private static readonly string[] BetweenNeighbours =
    [
        "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade", "HTTP2-Settings"
    ];

    private static PermittedDifference[] OfRequests =>
    [
        OfRequest("host", "The backend is addressed by its own name.", (_, straight, through) =>
        {
            if (through.Value("Host") is not { } backend
                || !backend.StartsWith("127.0.0.1:", StringComparison.Ordinal)
                || straight.Value("Host") == backend) return false;
            if (!straight.Has("Host")) straight.Add("Host", backend);
            straight.Set("Host", backend);
            return true;
        }),
        OfRequest(
            "request-hop-by-hop",
            "Connection and its companions concern two neighbours only (RFC 9110, section 7.6.1).",
            (_, straight, through) =>
                Drop(BetweenNeighbours, straight, through) || RespellUpgrade(straight, through)),
        OfRequest(
            "request-version",
            "A gateway speaks its own version, whatever the one in front (RFC 9110, section 2.5).",
            (_, straight, through) =>
            {
                if (!straight.StartLine.EndsWith("HTTP/1.0", StringComparison.Ordinal)
                    || !through.StartLine.EndsWith("HTTP/1.1", StringComparison.Ordinal)) return false;
                straight.StartLine = straight.StartLine[..^1] + "1";
                return true;
            }),
        OfRequest("target-absolute", "Of an absolute target the authority is dropped: it names the gateway.", (_, straight, through) =>
        {
            var parts = straight.StartLine.Split(' ');
            if (!parts[1].StartsWith("http", StringComparison.Ordinal)) return false;
            var rest = parts[1][(parts[1].IndexOf("://", StringComparison.Ordinal) + 3)..];
            var start = rest.IndexOfAny(['/', '?']);
            // OPTIONS without a path is for the server as a whole (RFC 9112, section 3.2.4).
            var target = start < 0 ? parts[0] == "OPTIONS" ? "*" : "/" : rest[start] == '/' ? rest[start..] : $"/{rest[start..]}";
            straight.StartLine = $"{parts[0]} {target} {parts[2]}";
            return straight.StartLine == through.StartLine;
        }),
        OfRequest(
            "both-lengths",
            "Of Content-Length and Transfer-Encoding together only the latter goes on (RFC 9112, section 6.1).",
            (_, straight, through) =>
                straight.Has("Transfer-Encoding") && !through.Has("Content-Length") && straight.Remove("Content-Length")),
        OfRequest("request-chunks", "Chunks are read and written anew; the bytes in them are the same.", SameBodyInOtherChunks),
    ];

    /// <summary>Of <c>Connection</c> only the option <c>Upgrade</c> goes on, in one spelling.</summary>
    private static bool RespellUpgrade(SeenMessage straight, SeenMessage through)
    {
        if (through.Value("Connection") != "Upgrade" || straight.Value("Connection") is not { } options || options == "Upgrade")
            return false;
        if (!options.Split(',', StringSplitOptions.TrimEntries).Contains("upgrade", StringComparer.OrdinalIgnoreCase)) return false;
        straight.Set("Connection", "Upgrade");
        return true;
    }

    private static bool SameBodyInOtherChunks(Case one, SeenMessage straight, SeenMessage through)
    {
        if ((straight.Wire == through.Wire && straight.Value("Transfer-Encoding") == "chunked")
            || straight.Body != through.Body
            || !straight.Has("Transfer-Encoding")
            || !through.Has("Transfer-Encoding")) return false;
        straight.Wire = through.Wire;
        straight.Set("Transfer-Encoding", "chunked");
        return through.Value("Transfer-Encoding") == "chunked";
    }
}
