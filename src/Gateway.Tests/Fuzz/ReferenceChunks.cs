using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace FathomGateway.Tests.Fuzz;

/// <summary>A second reader of a chunked body, over a whole text and by patterns (RFC 9112, section 7.1).</summary>
/// <param name="Content">What was read of the content, also where its end is missing or wrong.</param>
/// <param name="Length">Characters of the body; -1 where it does not end.</param>
internal sealed partial record ReferenceChunks(Verdict Verdict, string Content, string Trailers = "", int Length = -1)
{
    /// <summary>Bytes of a size line. Blanks and the semicolon before an extension may count or not.</summary>
    private const int MaxLineLength = 4 * 1024, Uncounted = 2;

    private const int MaxTrailerBytes = 64 * 1024;

    /// <returns>Null where a size line is exactly as long as the limit, which is not compared.</returns>
    public static ReferenceChunks? Read(string text)
    {
        var content = new StringBuilder();
        for (var at = 0; ;)
        {
            var (line, isWhole) = Line(text, at);
            if (line.Length is > MaxLineLength and <= MaxLineLength + Uncounted + 1) return null;
            var isLine = (isWhole ? SizeLine() : StartOfSizeLine()).IsMatch(line);
            if (!isLine || line.Length > MaxLineLength) return new(Verdict.Invalid, $"{content}");
            var size = BigInteger.Parse($"0{Digits().Match(line).Value}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size > long.MaxValue) return new(Verdict.Invalid, $"{content}");
            if (!isWhole) return new(Verdict.Incomplete, $"{content}");
            at += line.Length + 2;
            if (size == 0) return ReadTrailers(text, at, $"{content}");

            var rest = text.Length - at;
            content.Append(text.AsSpan(at, (int)BigInteger.Min(size, rest)));
            if (size >= rest) return new(Verdict.Incomplete, $"{content}");
            at += (int)size;
            var end = text[at..Math.Min(text.Length, at + 2)];
            if (end != "\r\n") return new(end == "\r" ? Verdict.Incomplete : Verdict.Invalid, $"{content}");
            at += 2;
            if (at == text.Length) return new(Verdict.Incomplete, $"{content}");
        }
    }

    private static ReferenceChunks ReadTrailers(string text, int start, string content)
    {
        var size = 0;
        for (var at = start; ;)
        {
            var (line, isWhole) = Line(text, at);
            if (isWhole && line.Length == 0) return new(Verdict.Complete, content, text[start..(at + 2)], at + 2);
            size += line.Length - (isWhole || !line.EndsWith('\r') ? 0 : 1);
            var isLine = (isWhole ? TrailerLine() : StartOfTrailerLine()).IsMatch(line);
            if (!isLine || size > MaxTrailerBytes) return new(Verdict.Invalid, content);
            if (!isWhole) return new(Verdict.Incomplete, content);
            at += line.Length + 2;
        }
    }

    /// <summary>Up to the next line end, or to the end of the text.</summary>
    private static (string Line, bool IsWhole) Line(string text, int at)
    {
        var end = text.IndexOf("\r\n", at, StringComparison.Ordinal);
        return end < 0 ? (text[at..], false) : (text[at..end], true);
    }

    [GeneratedRegex(@"\A[0-9A-Fa-f]+([ \t]*;[^\r\n\0]*)?\z")]
    private static partial Regex SizeLine();

    [GeneratedRegex(@"\A([0-9A-Fa-f]*|[0-9A-Fa-f]+([ \t]+|\r|[ \t]*;[^\r\n\0]*\r?))\z")]
    private static partial Regex StartOfSizeLine();

    [GeneratedRegex(@"\A[0-9A-Fa-f]*")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\A[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\r\n\0]*\z")]
    private static partial Regex TrailerLine();

    [GeneratedRegex(@"\A(\r?|[!#$%&'*+\-.^_`|~0-9A-Za-z]+(:[^\r\n\0]*\r?)?)\z")]
    private static partial Regex StartOfTrailerLine();
}
