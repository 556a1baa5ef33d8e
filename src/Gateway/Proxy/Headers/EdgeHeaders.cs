namespace FathomGateway.Proxy.Headers;

/// <summary>
/// Fields that Cloudflare's edge adds to requests. They belong to the connection between the client and the gateway's edge. A second
/// Cloudflare edge in front of the backend refuses requests that already carry them.
/// </summary>
internal static class EdgeHeaders
{
    public static bool Is(string name) =>
        CgiFieldName.StartsWith(name, "CF-") || CgiFieldName.AreSame(name, "CDN-Loop") || CgiFieldName.AreSame(name, "True-Client-IP");
}
