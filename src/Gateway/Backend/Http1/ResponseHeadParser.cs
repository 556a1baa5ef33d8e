using System.Buffers;
using System.Text;

namespace FathomGateway.Backend.Http1;

/// <summary>
/// Parses a response's head strictly by RFC 9112: line ends are CRLF, names are tokens, and values hold no CR, LF or NUL. Refuses
/// everything that could make two parsers disagree on the end of the body. Does no I/O, so tests can try any byte sequence.
/// </summary>
/// <remarks>Reuses the strings of the last head for equal lines, because most responses differ in a line or two.</remarks>
internal sealed class ResponseHeadParser
{
    /// <summary>Bytes of a head. Node's limit is 16 kB and nginx's 4 to 32 kB, so no working backend comes near.</summary>
    public const int MaxHeadBytes = 64 * 1024;

    /// <summary>
    /// Bytes of a head whose strings are kept. Larger heads are rare, and the connection would hold them for its lifetime.
    /// </summary>
    private const int MaxRememberedBytes = 4 * 1024;

    private static readonly SearchValues<byte> Forbidden = SearchValues.Create("\r\n\0"u8);

    private static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly List<(int Start, int Length, HeaderField Field)> _remembered = [];
    private byte[] _rememberedBytes = [];
    private int _searched;

    /// <param name="bytes">All received bytes that are not consumed. After <see cref="ParseStatus.Incomplete"/> they must start with the
    /// same bytes again.</param>
    /// <param name="head">Filled where the result is <see cref="ParseStatus.Complete"/>.</param>
    /// <param name="consumed">Number of bytes of the head.</param>
    public ParseStatus Read(ReadOnlySpan<byte> bytes, ResponseHead head, out int consumed)
    {
        consumed = 0;
        if (!StatusLine.MayBegin(bytes)) return ParseStatus.Invalid;
        // Do not search the same bytes again, except for an end that spans both parts.
        var from = Math.Max(0, _searched - 3);
        var end = bytes[from..].IndexOf("\r\n\r\n"u8);
        _searched = end < 0 ? bytes.Length : 0;
        if (end < 0) return bytes.Length > MaxHeadBytes ? ParseStatus.Invalid : ParseStatus.Incomplete;
        consumed = from + end + 4;
        if (consumed > MaxHeadBytes) return ParseStatus.Invalid;

        head.Clear();
        var lines = bytes[..(consumed - 2)];
        var statusLine = lines[..lines.IndexOf("\r\n"u8)];
        var isValid = StatusLine.TryRead(statusLine, head) && ReadFields(lines, statusLine.Length + 2, head)
            && FramingFields.TryApply(head);
        return isValid ? ParseStatus.Complete : ParseStatus.Invalid;
    }

    private bool ReadFields(ReadOnlySpan<byte> lines, int first, ResponseHead head)
    {
        var (count, isSame) = (0, true);
        for (var start = first; start < lines.Length; count++)
        {
            var line = lines[start..];
            line = line[..line.IndexOf("\r\n"u8)];
            if (count < _remembered.Count && IsSame(_remembered[count], line))
            {
                head.Fields.Add(_remembered[count].Field);
            }
            else
            {
                if (!TryAdd(line, head)) return false;
                isSame = false;
            }

            start += line.Length + 2;
        }

        if (!isSame || count != _remembered.Count) Remember(lines, first, head, count);
        return true;
    }

    private bool IsSame((int Start, int Length, HeaderField Field) remembered, ReadOnlySpan<byte> line) =>
        remembered.Length == line.Length && _rememberedBytes.AsSpan(remembered.Start, remembered.Length).SequenceEqual(line);

    private static bool TryAdd(ReadOnlySpan<byte> line, ResponseHead head)
    {
        if (line.ContainsAny(Forbidden)) return false;
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            // obs-fold: a gateway replaces it by spaces (RFC 9112, section 5.2).
            if (head.Fields.Count == 0) return false;
            var folded = head.Fields[^1];
            head.Fields[^1] = folded with { Value = $"{folded.Value} {Text(line)}".Trim(' ') };
            return true;
        }

        var colon = line.IndexOf((byte)':');
        if (colon <= 0) return false;
        // A gateway removes whitespace between name and colon (RFC 9112, section 5.1).
        var name = line[..colon].TrimEnd(" \t"u8);
        if (name.Length == 0 || name.ContainsAnyExcept(Token)) return false;
        head.Fields.Add(new HeaderField(Encoding.Latin1.GetString(name), Text(line[(colon + 1)..])));
        return true;
    }

    /// <summary>Whether a byte may occur in a field name (RFC 9110, section 5.6.2).</summary>
    public static bool IsToken(byte value) => Token.Contains(value);

    private static string Text(ReadOnlySpan<byte> value) => Encoding.Latin1.GetString(value.Trim(" \t"u8));

    private void Remember(ReadOnlySpan<byte> lines, int first, ResponseHead head, int count)
    {
        _remembered.Clear();
        // A folded line makes one field out of two lines.
        if (lines.Length > MaxRememberedBytes || head.Fields.Count != count) return;
        if (_rememberedBytes.Length < lines.Length) _rememberedBytes = new byte[lines.Length];
        lines.CopyTo(_rememberedBytes);
        var start = first;
        foreach (var field in head.Fields)
        {
            var length = lines[start..].IndexOf("\r\n"u8);
            _remembered.Add((start, length, field));
            start += length + 2;
        }
    }
}
