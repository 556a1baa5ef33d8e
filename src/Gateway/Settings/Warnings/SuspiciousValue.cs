using System.Globalization;

namespace FathomGateway.Settings.Warnings;

/// <summary>Detects values of any setting that were damaged by files, shells or web forms.</summary>
internal static class SuspiciousValue
{
    private static readonly (char Open, char Close)[] Quotes = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’'), ('«', '»')];

    /// <summary>Marks of a placeholder in templates.</summary>
    private static readonly (string Open, string Close)[] Placeholders = [("<", ">"), ("${", "}"), ("$(", ")"), ("{{", "}}"), ("[[", "]]")];

    private static readonly string[] PlaceholderWords = ["changeme", "replaceme", "placeholder", "todo", "xxx", "…", "..."];

    /// <summary>Settings that may have several lines: a PEM, and a list of long entries.</summary>
    private static readonly string[] MultilineSettings = ["JWT_PUBLIC_KEY", "TOKEN_ENCRYPTION_KEYS"];

    /// <returns>A predicate about the setting or its value, without any part of the value; null where nothing is unusual.</returns>
    public static string? Remark(string name, string value)
    {
        var text = value.Trim();
        if (text.Length > 1 && Quotes.Contains((text[0], text[^1])))
        {
            return "is in quotation marks, which count as a part of it: leave them out";
        }

        if (text.StartsWith($"{name}=", StringComparison.OrdinalIgnoreCase))
        {
            return "begins with the variable's own name: leave out everything up to the =";
        }

        if (IsPlaceholder(text)) return "looks like a placeholder that was not filled in: write the value itself";
        var invisible = text.AsSpan().IndexOfAny(Invisible);
        if (invisible >= 0)
        {
            return $"holds a character that cannot be seen, the {Ordinal(invisible + 1)} "
                + "(a no-break blank or a zero-width one, for instance): type it anew";
        }

        var line = MultilineSettings.Contains(name) ? -1 : text.AsSpan().IndexOfAny('\r', '\n', '\t');
        return line >= 0 ? $"holds a line break or a tab, as its {Ordinal(line + 1)} character: leave it out" : null;
    }

    /// <summary>Format and control characters, and every whitespace except the usual one, of the Basic Multilingual Plane.</summary>
    private static readonly System.Buffers.SearchValues<char> Invisible = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue).Select(code => (char)code).Where(IsInvisible)]);

    private static bool IsInvisible(char character) => character is not (' ' or '\t' or '\r' or '\n')
        && char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.Control
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsPlaceholder(string text) =>
        Array.Exists(Placeholders, one => text.Length > one.Open.Length + one.Close.Length
            && text.StartsWith(one.Open, StringComparison.Ordinal) && text.EndsWith(one.Close, StringComparison.Ordinal))
        || PlaceholderWords.Contains(string.Concat(text.Where(letter => letter is not ('-' or '_'))), StringComparer.OrdinalIgnoreCase);

    private static string Ordinal(int number) => (number % 10, number % 100) switch
    {
        (1, not 11) => $"{number}st",
        (2, not 12) => $"{number}nd",
        (3, not 13) => $"{number}rd",
        _ => $"{number}th",
    };
}
