using System.Text;

namespace FathomGateway.Backend.Http1;

/// <summary>The fields behind a chunked body (RFC 9112, section 7.1.2), as <see cref="ChunkedBodyParser"/> has checked and kept them.</summary>
internal static class TrailerSection
{
    /// <param name="bytes">The section's lines with their line ends.</param>
    public static IEnumerable<HeaderField> Fields(IReadOnlyCollection<byte> bytes)
    {
        foreach (var line in Encoding.Latin1.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            yield return new HeaderField(line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
        }
    }
}
