using System.Text;

namespace FathomGateway.Backend.Http1;

/// <summary>The status line of a response (RFC 9112, section 4).</summary>
internal static class StatusLine
{
    /// <summary>Length of <c>HTTP/1.1 200</c>.</summary>
    private const int StatusEnd = 12;

    private static readonly string[] StandardReasons = BuildReasons();

    /// <summary>Whether the bytes can be the beginning of a status line. Detects a server of another protocol at once.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> bytes)
    {
        var prefix = "HTTP/1."u8;
        var length = Math.Min(bytes.Length, prefix.Length);
        return bytes[..length].SequenceEqual(prefix[..length]);
    }

    /// <param name="line">The line without its CRLF.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, ResponseHead head)
    {
        if (line.Length < StatusEnd || line[8] != ' ' || !MayBegin(line)) return false;
        if (line[7] is < (byte)'0' or > (byte)'9' || line.ContainsAny((byte)'\r', (byte)'\n', (byte)'\0')) return false;
        var status = 0;
        foreach (var digit in line[9..StatusEnd])
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            status = (status * 10) + digit - '0';
        }

        // Servers without a reason phrase may omit the space after the status.
        if (status < 100 || (line.Length > StatusEnd && line[StatusEnd] != ' ')) return false;
        (head.Status, head.IsHttp10) = (status, line[7] == '0');
        head.Reason = line.Length <= StatusEnd + 1 ? "" : Reason(status, line[(StatusEnd + 1)..]);
        return true;
    }

    /// <summary>The standard reason phrase of a status, or null.</summary>
    public static string? StandardReason(int status) => status < StandardReasons.Length ? StandardReasons[status] : null;

    private static string Reason(int status, ReadOnlySpan<byte> text) =>
        StandardReason(status) is { } standard && Ascii.Equals(text, standard) ? standard : Encoding.Latin1.GetString(text);

    private static string[] BuildReasons()
    {
        var reasons = new string[600];
        for (var status = 100; status < reasons.Length; status++)
        {
            if (Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } reason) reasons[status] = reason;
        }

        return reasons;
    }
}
