using System.Globalization;

namespace FathomGateway.Backend.Http1;

/// <summary>Interprets the fields of a response that determine where its body ends and whether the connection stays open.</summary>
internal static class FramingFields
{
    /// <returns>False where the fields are invalid or contradict each other, so that the end of the body is unknown.</returns>
    public static bool TryApply(ResponseHead head)
    {
        foreach (var (name, value) in head.Fields)
        {
            var isValid = name.Length switch
            {
                10 when Is(name, "Connection") => ApplyConnection(head, value),
                10 when Is(name, "Keep-Alive") => ApplyKeepAlive(head, value),
                14 when Is(name, "Content-Length") => ApplyContentLength(head, value),
                17 when Is(name, "Transfer-Encoding") => ApplyTransferEncoding(head, value),
                _ => true,
            };
            if (!isValid) return false;
        }

        // Both lengths are a sign of smuggling or of a broken server (RFC 9112, section 6.3). HTTP/1.0 has no chunks (section 6.1).
        return !head.IsChunked || (head.ContentLength < 0 && !head.IsHttp10);
    }

    private static bool Is(string name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);

    /// <summary>Accepts one line of digits. A second line or a list is refused even where the numbers are equal.</summary>
    private static bool ApplyContentLength(ResponseHead head, string value)
    {
        if (head.ContentLength >= 0 || !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var length)) return false;
        head.ContentLength = length;
        return true;
    }

    /// <summary>
    /// Accepts only <c>chunked</c>. The gateway would not pass on the name of another coding, and the client could not decode the body.
    /// </summary>
    private static bool ApplyTransferEncoding(ResponseHead head, string value)
    {
        if (head.IsChunked || !Is(value, "chunked")) return false;
        head.TransferEncoding = value;
        return true;
    }

    private static bool ApplyConnection(ResponseHead head, string value)
    {
        foreach (var range in value.AsSpan().Split(','))
        {
            var option = value.AsSpan()[range].Trim(" \t");
            head.SaysClose |= option.Equals("close", StringComparison.OrdinalIgnoreCase);
            head.SaysKeepAlive |= option.Equals("keep-alive", StringComparison.OrdinalIgnoreCase);
        }

        return true;
    }

    private static bool ApplyKeepAlive(ResponseHead head, string value)
    {
        const string Parameter = "timeout=";
        foreach (var range in value.AsSpan().Split(','))
        {
            var text = value.AsSpan()[range].Trim(" \t");
            if (!text.StartsWith(Parameter, StringComparison.OrdinalIgnoreCase)) continue;
            if (int.TryParse(text[Parameter.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                head.KeepAliveSeconds = seconds;
            }
        }

        return true;
    }
}
