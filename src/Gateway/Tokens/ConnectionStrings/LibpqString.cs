using System.Text;
using FathomGateway.Settings;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>
/// Takes apart a connection string of libpq's (PostgreSQL manual, section 34.1.1.1): <c>keyword=value</c> separated by blanks, a value with
/// blanks in single quotes, a backslash before what is to be taken as it is.
/// </summary>
internal static class LibpqString
{
    /// <exception cref="SettingValueException">A word has no value, or a quote no end.</exception>
    public static IReadOnlyList<(string Name, string Value)> Parse(string text)
    {
        var parameters = new List<(string, string)>();
        for (var at = SkipBlanks(text, 0); at < text.Length; at = SkipBlanks(text, at))
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0 || text[at..equals].Trim() is not { Length: > 0 } name || name.Any(char.IsWhiteSpace)) throw Broken();
            at = SkipBlanks(text, equals + 1);
            parameters.Add((name, Value(text, ref at)));
        }

        return parameters;
    }

    private static string Value(string text, ref int at)
    {
        var value = new StringBuilder();
        var isQuoted = at < text.Length && text[at] == '\'';
        if (isQuoted) at++;
        for (; at < text.Length; at++)
        {
            if (isQuoted ? text[at] == '\'' : char.IsWhiteSpace(text[at])) break;
            if (text[at] == '\\' && at + 1 < text.Length) at++;
            value.Append(text[at]);
        }

        if (isQuoted && at++ >= text.Length) throw Broken();
        return value.ToString();
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }

    private static SettingValueException Broken() => new(
        "is no string of keyword=value pairs: put a value with blanks into single quotes, and a backslash before ' and \\ in it.");
}
