namespace FathomGateway.Internal.Relay;

/// <summary>Where a relayed request goes: the provider's API base with path and query appended as the caller wrote them.</summary>
internal static class RelayUrl
{
    /// <summary>How often a path may be encoded: an application, a proxy and a client library have done it by then. Each further time costs the length of the path.</summary>
    private const int MostEncodings = 4;

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="path">Empty, or from a slash on; visible ASCII.</param>
    /// <param name="query">Empty, or from its question mark on; visible ASCII.</param>
    /// <returns>Null for a path that somebody on the way could resolve to an address outside the API.</returns>
    public static Uri? Create(Uri api, string path, string query)
    {
        if (MayLeadOut(path)) return null;
        var address = api.GetLeftPart(UriPartial.Path).TrimEnd('/') + path;
        // Of an address without any path, the request line would begin with the question mark.
        if (path.Length == 0 && api.AbsolutePath == "/") address += '/';
        return new Uri(address + query, AsWritten);
    }

    /// <summary>Looks for dot segments however often they are encoded, behind backslashes and parameters too: who resolves them decides, and that is not us.</summary>
    private static bool MayLeadOut(string path)
    {
        for (var decodings = 0; decodings <= MostEncodings; decodings++)
        {
            foreach (var segment in path.Split('/', '\\'))
            {
                if (segment.Split(';')[0] is "." or "..") return true;
            }

            var decoded = Uri.UnescapeDataString(path);
            if (decoded == path) return false;
            path = decoded;
        }

        // Who encodes it more often than that has something to hide.
        return true;
    }
}
