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
        userId = default;
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxBytes) return false;
        if (text.Any(char.IsControl) || text.AsSpan().ContainsAny(Misleading)) return false;
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

    public override string ToString() => Value;
}
