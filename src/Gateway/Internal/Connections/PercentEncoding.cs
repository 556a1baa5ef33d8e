using System.Globalization;
using System.Text;

namespace FathomGateway.Internal.Connections;

/// <summary>Percent-encoding (RFC 3986, section 2.1), undone strictly and once.</summary>
internal static class PercentEncoding
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text that a segment stands for, or null where a percent sign has no two digits or the bytes are no UTF-8. A plus is a plus.</summary>
    public static string? Decode(string segment)
    {
        if (!segment.Contains('%', StringComparison.Ordinal)) return segment;
        var bytes = new byte[segment.Length];
        var length = 0;
        for (var at = 0; at < segment.Length; at++, length++)
        {
            if (segment[at] != '%')
            {
                bytes[length] = (byte)segment[at];
                continue;
            }

            if (at + 2 >= segment.Length || !byte.TryParse(segment.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length])) return null;
            at += 2;
        }

        try
        {
            return Utf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
