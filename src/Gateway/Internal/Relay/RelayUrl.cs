namespace FathomGateway.Internal.Relay;

/// <summary>The address of a relayed request: the provider's API base with the caller's path and query appended unchanged.</summary>
internal static class RelayUrl
{
    /// <summary>
    /// How often a path may be percent-encoded. An application, a proxy and a client library may each encode once. Each further check costs
    /// the length of the path.
    /// </summary>
    private const int MaxEncodings = 4;

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="path">Empty, or beginning with a slash; visible ASCII.</param>
    /// <param name="query">Empty, or beginning with a question mark; visible ASCII.</param>
    /// <returns>Null for a path that a server on the way could resolve to an address outside the API.</returns>
    public static Uri? Create(Uri api, string path, string query)
    {
        if (MayHaveDotSegments(path)) return null;
        var address = api.GetLeftPart(UriPartial.Path).TrimEnd('/') + path;
        // Without any path the request line would begin with the question mark.
        if (path.Length == 0 && api.AbsolutePath == "/") address += '/';
        return new Uri(address + query, AsWritten);
    }

    /// <summary>
    /// Searches for dot segments in any encoding, also behind backslashes, because another server decides how to resolve them.
    /// </summary>
    private static bool MayHaveDotSegments(string path)
    {
        for (var decodings = 0; decodings <= MaxEncodings; decodings++)
        {
            foreach (var segment in path.Split('/', '\\'))
            {
                if (IsDotSegment(segment)) return true;
            }

            var decoded = Uri.UnescapeDataString(path);
            if (decoded == path) return false;
            path = decoded;
        }

        // A path that is encoded more often is refused.
        return true;
    }

    /// <summary>
    /// Whether a server could take the segment for a dot segment: the segment may have parameters, begin a query or a fragment once it is
    /// decoded, and hold blanks and control characters, which the URL Standard removes.
    /// </summary>
    private static bool IsDotSegment(string segment)
    {
        var end = segment.AsSpan().IndexOfAny(';', '?', '#');
        var dots = 0;
        foreach (var one in end < 0 ? segment : segment.AsSpan(0, end))
        {
            if (one == '.') dots++;
            else if (!char.IsControl(one) && !char.IsWhiteSpace(one)) return false;
        }

        return dots is 1 or 2;
    }
}
