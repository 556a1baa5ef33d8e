using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace FathomGateway.Users;

/// <summary>The backend's own id of a user, compared byte for byte.</summary>
/// <remarks>
/// Ids are never normalised: <c>u1</c>, <c>U1</c> and the two Unicode forms of an é are different users, as they are for the backend.
/// </remarks>
internal readonly record struct UserId
{
    /// <summary>Longest id in UTF-8 bytes, so that a state with the id stays within 512 characters.</summary>
    public const int MaxBytes = 255;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private UserId(string value) => Value = value;

    public string Value { get; }

    /// <summary>
    /// Characters that make an id look like another one or break a table line: line and paragraph separators, and characters that change
    /// the writing direction (Unicode Standard Annex 9, section 2).
    /// </summary>
    private static readonly SearchValues<char> Misleading =
        SearchValues.Create("\u2028\u2029\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    /// <summary>
    /// Accepts any text that is not blank, is short enough, and holds no control characters, misleading characters or broken surrogates.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UserId userId)
    {
        if (!TryParseStored(text, out userId)) return false;
        if (!string.IsNullOrWhiteSpace(text) && !text.Any(IsMisleading)) return true;
        userId = default;
        return false;
    }

    /// <summary>
    /// Accepts every id that a row can have, also one that <see cref="TryParse"/> refuses: an earlier version with other rules may have
    /// written the row. For operations that find rows and create none.
    /// </summary>
    public static bool TryParseStored([NotNullWhen(true)] string? text, out UserId userId)
    {
        userId = default;
        // PostgreSQL refuses U+0000 in a text.
        if (string.IsNullOrEmpty(text) || text.Length > MaxBytes || text.Contains('\0', StringComparison.Ordinal)) return false;
        try
        {
            if (Utf8.GetByteCount(text) > MaxBytes) return false;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }

        userId = new UserId(text);
        return true;
    }

    /// <summary>
    /// The id of a row, unchecked. An earlier version with other rules may have written the row, or a person. A list must show it.
    /// </summary>
    public static UserId OfStored(string text) => new(text);

    /// <summary>The id for a log or a terminal.</summary>
    public string Printable => ToPrintable(Value);

    /// <summary>Text for a log or a terminal. A misleading character is U+FFFD, so that it breaks no line and is no command.</summary>
    public static string ToPrintable(string text) =>
        text.Any(IsMisleading) ? string.Concat(text.Select(one => IsMisleading(one) ? '\uFFFD' : one)) : text;

    /// <summary>
    /// Whether no user id may have this character: a control character, or one that ends a line or changes the writing direction.
    /// </summary>
    private static bool IsMisleading(char one) => char.IsControl(one) || Misleading.Contains(one);

    public override string ToString() => Value;
}
