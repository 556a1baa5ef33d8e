namespace FathomGateway.Proxy.Headers;

/// <summary>
/// Fields that Cloudflare's edge puts into requests. They belong to the connection between the client and the gateway's own edge:
/// a second edge in front of the backend refuses requests that carry them already.
/// </summary>
internal static class EdgeHeaders
{
    public static bool Is(string name) =>
        CgiFieldName.StartsWith(name, "CF-") || CgiFieldName.AreSame(name, "CDN-Loop") || CgiFieldName.AreSame(name, "True-Client-IP");
}
