namespace FathomGateway.Settings.Warnings;

/// <summary>Detects secrets that repeat a short text: <c>abcabcabc…</c>. They are as weak as that text.</summary>
internal static class RepetitiveSecret
{
    /// <summary>A repeated text of this length can be a good secret by itself.</summary>
    private const int MaxPieceLength = 16;

    /// <summary>Distinct characters or bytes. 24 random hexadecimal digits have fewer only once in a hundred million times.</summary>
    private const int MinDistinctCharacters = 6;

    /// <summary>Shorter secrets get the warning about their length.</summary>
    private const int MinLength = 24;

    /// <param name="secret">The characters or bytes of the secret.</param>
    public static bool IsIn<T>(ReadOnlySpan<T> secret)
        where T : IEquatable<T>
    {
        if (secret.Length < MinLength) return false;
        if (new HashSet<T>(secret.ToArray()).Count < MinDistinctCharacters) return true;
        for (var piece = 1; piece < MaxPieceLength && 2 * piece <= secret.Length; piece++)
        {
            if (secret[piece..].SequenceEqual(secret[..^piece])) return true;
        }

        return false;
    }
}
