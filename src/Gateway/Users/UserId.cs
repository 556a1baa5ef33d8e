using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace FathomGateway.Users;

/// <summary>Who a connection belongs to: the backend's own id of its user, compared byte for byte.</summary>
/// <remarks>Never normalised: <c>u1</c>, <c>U1</c> and the two Unicode spellings of an é are different users, as they are for the backend.</remarks>
internal readonly record struct UserId
{
    /// <summary>Longest id in UTF-8 bytes, so that a state that carries it stays within 512 characters.</summary>
    public const int LongestInBytes = 255;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private UserId(string value) => Value = value;

    public string Value { get; }

    /// <summary>
    /// Characters that show an id as another one, or break a line of a table: line and paragraph separators, and those that turn the
    /// direction of writing (Unicode Standard Annex 9, section 2).
    /// </summary>
    private static readonly SearchValues<char> Misleading =
        SearchValues.Create("\u2028\u2029\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    /// <summary>
    /// Accepts any text that is not blank, holds no control characters, none that mislead a reader, and no broken surrogates, and is short
    /// enough.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UserId userId)
    {
        userId = default;
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestInBytes || text.Any(char.IsControl) || text.AsSpan().ContainsAny(Misleading)) return false;
        try
        {
            if (Utf8.GetByteCount(text) > LongestInBytes) return false;
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
