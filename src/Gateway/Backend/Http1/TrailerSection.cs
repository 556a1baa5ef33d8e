using System.Buffers;
using System.Text;

namespace FathomGateway.Backend.Http1;

/// <summary>
/// The trailer fields of a chunked body (RFC 9112, section 7.1.2), as checked and kept by <see cref="ChunkedBodyParser"/>.
/// </summary>
internal static class TrailerSection
{
    /// <summary>What no value holds (RFC 9110, section 5.5).</summary>
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(code => (char)code).Where(code => code != '\t'), '\u007f']);

    /// <summary>
    /// Reads the fields. Drops those with control characters: no server writes them, and the body before them is complete.
    /// </summary>
    /// <param name="bytes">The lines of the section with their line ends.</param>
    public static IEnumerable<HeaderField> Fields(IReadOnlyCollection<byte> bytes)
    {
        foreach (var line in Encoding.Latin1.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(colon + 1)..].Trim(' ', '\t');
            if (!value.AsSpan().ContainsAny(Controls)) yield return new HeaderField(line[..colon], value);
        }
    }
}
