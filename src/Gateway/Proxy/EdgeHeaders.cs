namespace FathomGateway.Proxy;

/// <summary>
/// Fields that Cloudflare's edge puts into requests. They belong to the connection between the client and the gateway's own edge:
/// a second edge in front of the backend refuses requests that carry them already.
/// </summary>
internal static class EdgeHeaders
{
    public static bool Is(string name) =>
        name.StartsWith("CF-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("CDN-Loop", StringComparison.OrdinalIgnoreCase)
        || name.Equals("True-Client-IP", StringComparison.OrdinalIgnoreCase);
}
