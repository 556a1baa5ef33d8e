namespace FathomGateway.Settings.Warnings;

/// <summary>
/// Secrets that somebody has made long by writing something short over and over: <c>abcabcabc…</c>. They are as good as their first piece.
/// </summary>
internal static class RepetitiveSecret
{
    /// <summary>A piece of this length can be a good secret by itself, and may be written twice to be as long as somebody asks.</summary>
    private const int EnoughForAPiece = 16;

    /// <summary>
    /// Different characters, or bytes. 24 random hexadecimal digits, of which there are the fewest kinds, hold fewer once in a hundred
    /// million times.
    /// </summary>
    private const int FewestDifferent = 6;

    /// <summary>Shorter ones are called short, whatever stands in them.</summary>
    private const int ShortestToJudge = 24;

    /// <param name="secret">Its characters, or its bytes.</param>
    public static bool IsIn<T>(ReadOnlySpan<T> secret)
        where T : IEquatable<T>
    {
        if (secret.Length < ShortestToJudge) return false;
        if (new HashSet<T>(secret.ToArray()).Count < FewestDifferent) return true;
        for (var piece = 1; piece < EnoughForAPiece && 2 * piece <= secret.Length; piece++)
        {
            if (secret[piece..].SequenceEqual(secret[..^piece])) return true;
        }

        return false;
    }
}
