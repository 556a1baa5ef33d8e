using System.Text;

namespace FathomGateway.Backend.Http1;

/// <summary>
/// The trailer fields of a chunked body (RFC 9112, section 7.1.2), as checked and kept by <see cref="ChunkedBodyParser"/>.
/// </summary>
internal static class TrailerSection
{
    /// <param name="bytes">The lines of the section with their line ends.</param>
    public static IEnumerable<HeaderField> Fields(IReadOnlyCollection<byte> bytes)
    {
        foreach (var line in Encoding.Latin1.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            yield return new HeaderField(line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
        }
    }
}
