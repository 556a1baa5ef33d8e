using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace FathomGateway.Tests.Fuzz;

/// <summary>What a reader makes of bytes.</summary>
internal enum Verdict
{
    /// <summary>They are the beginning of something valid.</summary>
    Incomplete,
    Complete,
    Invalid,
}

/// <summary>
/// A second reader of a response's head, to compare the product's with: over a whole text and by patterns, as RFC 9112 puts it.
/// Each character stands for a byte.
/// </summary>
/// <param name="Length">Characters of the head.</param>
/// <param name="Fields">Names and values in their order; folded lines are one.</param>
/// <param name="BodyLength">What <c>Content-Length</c> says, or null.</param>
internal sealed partial record ReferenceHead(
    Verdict Verdict, int Length = 0, int Status = 0, string Reason = "", bool IsHttp10 = false,
    IReadOnlyList<(string Name, string Value)>? Fields = null,
    long? BodyLength = null, bool IsChunked = false)
{
    private const int MaxBytes = 64 * 1024;

    private const string Start = "HTTP/1.", End = "\r\n\r\n";

    private static readonly ReferenceHead Invalid = new(Verdict.Invalid);

    public static ReferenceHead Read(string text)
    {
        if (!text.StartsWith(Start, StringComparison.Ordinal) && !Start.StartsWith(text, StringComparison.Ordinal)) return Invalid;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        if (end < 0) return text.Length > MaxBytes ? Invalid : new(Verdict.Incomplete);
        if (end + End.Length > MaxBytes) return Invalid;

        var lines = text[..end].Split("\r\n");
        if (lines.Any(line => line.AsSpan().ContainsAny('\r', '\n', '\0'))) return Invalid;
        if (StatusLine().Match(lines[0]) is not { Success: true } first) return Invalid;
        if (Unfolded(lines[1..]) is not { } fields) return Invalid;
        var head = new ReferenceHead(
            Verdict.Complete, end + End.Length, int.Parse(first.Groups["status"].Value, CultureInfo.InvariantCulture),
            first.Groups["reason"].Value,
            first.Groups["minor"].Value == "0", fields);
        return head.Framed();
    }

    /// <summary>Whether <c>Connection</c> holds the option.</summary>
    public bool Says(string option) =>
        All("Connection").SelectMany(value => value.Split(','))
            .Any(one => one.Trim(' ', '\t').Equals(option, StringComparison.OrdinalIgnoreCase));

    public IEnumerable<string> All(string name) =>
        Fields!.Where(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(one => one.Value);

    private static List<(string Name, string Value)>? Unfolded(string[] lines)
    {
        var fields = new List<(string Name, string Value)>();
        foreach (var line in lines)
        {
            if (line[0] is ' ' or '\t')
            {
                if (fields.Count == 0) return null;
                fields[^1] = (fields[^1].Name, $"{fields[^1].Value} {line.Trim(' ', '\t')}".Trim(' '));
            }
            else if (Field().Match(line) is { Success: true } field)
            {
                fields.Add((field.Groups["name"].Value, field.Groups["value"].Value.Trim(' ', '\t')));
            }
            else
            {
                return null;
            }
        }

        return fields;
    }

    private ReferenceHead Framed()
    {
        var (lengths, codings) = (All("Content-Length").ToArray(), All("Transfer-Encoding").ToArray());
        if (lengths.Length > 1 || codings.Length > 1 || (lengths.Length > 0 && codings.Length > 0)) return Invalid;
        if (codings is [var coding])
        {
            var isKnown = !IsHttp10 && coding.Equals("chunked", StringComparison.OrdinalIgnoreCase);
            return isKnown ? this with { IsChunked = true } : Invalid;
        }

        if (lengths is not [var length]) return this;
        if (!Digits().IsMatch(length) || BigInteger.Parse(length, CultureInfo.InvariantCulture) > long.MaxValue) return Invalid;
        return this with { BodyLength = long.Parse(length, CultureInfo.InvariantCulture) };
    }

    [GeneratedRegex(
        @"\AHTTP/1\.(?<minor>[0-9]) (?<status>[1-9][0-9]{2})( (?<reason>.*))?\z", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex StatusLine();

    [GeneratedRegex(
        @"\A(?<name>[!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*:(?<value>.*)\z", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Field();

    [GeneratedRegex(@"\A[0-9]+\z")]
    private static partial Regex Digits();
}
