using System.Globalization;

namespace FathomGateway.Users.SigningKeys;

/// <summary>What gets into a secret when it is copied, and is rarely meant.</summary>
internal static class SecretCopyErrors
{
    private const string Quotes = "\"'`\u201C\u201D\u2018\u2019\u00AB\u00BB";

    /// <summary>The end of a sentence about the secret, without any part of it; null where nothing is odd.</summary>
    public static string? Oddity(string secret) => secret switch
    {
        _ when secret.Contains('\n', StringComparison.Ordinal) || secret.Contains('\r', StringComparison.Ordinal) => "holds a line break",
        _ when char.IsWhiteSpace(secret[0]) || char.IsWhiteSpace(secret[^1]) => "begins or ends with a blank",
        _ when secret.Any(IsInvisible) => "holds an invisible character",
        _ when secret.EndsWith("\\n", StringComparison.Ordinal) || secret.EndsWith("\\r", StringComparison.Ordinal) =>
            "ends with a line break written as \\n",
        _ when Quotes.Contains(secret[0], StringComparison.Ordinal) || Quotes.Contains(secret[^1], StringComparison.Ordinal) =>
            "begins or ends with a quotation mark",
        _ => null,
    };

    /// <summary>The secret without what <see cref="Oddity"/> tells of.</summary>
    public static string Bare(string secret)
    {
        var bare = secret.Replace("\\n", "", StringComparison.Ordinal).Replace("\\r", "", StringComparison.Ordinal);
        return string.Concat(bare.Where(one => !IsInvisible(one))).Trim().Trim([.. Quotes]).Trim();
    }

    /// <summary>Control and format characters: a byte order mark, a zero-width blank.</summary>
    private static bool IsInvisible(char one) =>
        char.GetUnicodeCategory(one)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
