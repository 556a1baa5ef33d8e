using System.Globalization;
using System.Text;

namespace FathomGateway.Internal.Connections;

/// <summary>Decodes percent-encoding (RFC 3986, section 2.1) strictly and once.</summary>
internal static class PercentEncoding
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The decoded segment, or null where a percent sign lacks two digits or the bytes are not UTF-8. A plus sign stays a plus sign.
    /// </summary>
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

            if (at + 2 >= segment.Length) return null;
            var digits = segment.AsSpan(at + 1, 2);
            if (!byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length])) return null;
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
