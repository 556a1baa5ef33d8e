using System.Globalization;

namespace FathomGateway.Users.SigningKeys;

/// <summary>Detects characters that a copied secret often contains by mistake.</summary>
internal static class SecretCopyErrors
{
    private const string Quotes = "\"'`\u201C\u201D\u2018\u2019\u00AB\u00BB";

    /// <summary>A predicate about the secret, without any part of it; null where nothing is unusual.</summary>
    public static string? Find(string secret) => secret switch
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

    /// <summary>The secret without the characters that <see cref="Find"/> reports.</summary>
    public static string Clean(string secret)
    {
        var bare = secret.Replace("\\n", "", StringComparison.Ordinal).Replace("\\r", "", StringComparison.Ordinal);
        return string.Concat(bare.Where(one => !IsInvisible(one))).Trim().Trim([.. Quotes]).Trim();
    }

    /// <summary>Control and format characters, such as a byte order mark or a zero-width space.</summary>
    private static bool IsInvisible(char one) =>
        char.GetUnicodeCategory(one)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
