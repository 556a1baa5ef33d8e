using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace FathomGateway.Tests.Transparency.Differential;

/// <summary>What the client may see otherwise than the backend sent it.</summary>
internal static partial class PermittedDifferences
{
    private static readonly string[] OfTheBackendsConnection = ["Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "Alt-Svc"];

    private static PermittedDifference[] OfResponses =>
    [
        new("interim", "The server has no way to send 1xx responses other than 100.", seen =>
        {
            var dropped = seen.Straight.Interim.RemoveAll(line => !line.Contains(" 100 ", StringComparison.Ordinal));
            return dropped > 0 && seen.Through.Interim.Count == 0;
        }),
        OfResponse("http2-form", "HTTP/2 itself has lower-case names, no reason phrase and no chunks.", (one, straight, through) =>
        {
            if (one.OverHttp2 is null || !straight.StartLine.StartsWith("HTTP/1", StringComparison.Ordinal)) return false;
            straight.StartLine = $"HTTP/2 {straight.StartLine.Split(' ')[1]}";
            straight.Fields = [.. straight.Fields.Select(line => KeyValuePair.Create(line.Key.ToLowerInvariant(), line.Value))];
            straight.Remove("transfer-encoding");
            straight.Wire = straight.Body;
            return true;
        }),
        OfResponse("response-version", "The server speaks HTTP/1.1, whatever the version behind.", (_, straight, through) =>
        {
            if (!straight.StartLine.StartsWith("HTTP/1.0 ", StringComparison.Ordinal)
                || !through.StartLine.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)) return false;
            straight.StartLine = $"HTTP/1.1 {straight.StartLine[9..]}";
            return true;
        }),
        OfResponse("reason", "The server writes the standard reason where there is none, and ASCII only.", (_, straight, through) =>
        {
            var parts = straight.StartLine.Split(' ', 3);
            if (straight.StartLine == through.StartLine
                || parts.Length < 2
                || !through.StartLine.StartsWith($"{parts[0]} {parts[1]}", StringComparison.Ordinal)) return false;
            var reason = parts.Length > 2 ? parts[2] : "";
            var standard = ReasonPhrases.GetReasonPhrase(int.Parse(parts[1], CultureInfo.InvariantCulture));
            straight.StartLine =
                $"{parts[0]} {parts[1]} {(reason.Length == 0 ? standard : string.Concat(reason.Select(c => c > '~' ? '?' : c)))}";
            return straight.StartLine == through.StartLine;
        }),
        OfResponse(
            "response-hop-by-hop",
            "Connection and its companions concern two neighbours only; Alt-Svc names another way to the backend's own host.",
            (_, straight, through) =>
                Drop(OfTheBackendsConnection, straight, through)),
        OfResponse(
            "response-close",
            "The server says that it will close, where the client asked for it or could not be followed otherwise.",
            (one, straight, through) =>
            {
                if (straight.Has("Connection") || through.Value("Connection") != "close") return false;
                if (!one.Request.Contains("Connection: close")
                    && !one.Request.Contains(" HTTP/1.0\r\n")
                    && !(one.Request.Contains("Content-Length") && one.Request.Contains("Transfer-Encoding"))) return false;
                straight.Add("Connection", "close");
                return true;
            }),
        OfResponse("date", "The server adds a missing Date, as RFC 9110, section 6.6.1, asks.", (one, straight, through) =>
        {
            if (straight.Has("Date") || through.Value("Date") is not { } date) return false;
            straight.Add(one.OverHttp2 is null ? "Date" : "date", date);
            return true;
        }),
        OfResponse(
            "bodyless-framing",
            "204 has no Content-Length (RFC 9110, section 8.6), and an answer to HEAD no Transfer-Encoding.",
            (one, straight, through) =>
                (straight.StartLine.Split(' ')[1] == "204" && !through.Has("Content-Length") && straight.Remove("Content-Length"))
                || (one.Method == "HEAD" && !through.Has("Transfer-Encoding") && straight.Remove("Transfer-Encoding"))),
        OfResponse(
            "response-framing",
            "A body that ends with the connection is sent in chunks, so that its end can be told from a failure.",
            (_, straight, through) =>
            {
                if (straight.Has("Content-Length")
                    || straight.Has("Transfer-Encoding")
                    || through.Value("Transfer-Encoding") != "chunked"
                    || straight.Body != through.Body) return false;
                straight.Add("Transfer-Encoding", "chunked");
                straight.Wire = through.Wire;
                return true;
            }),
    ];
}
