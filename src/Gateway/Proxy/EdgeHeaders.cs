namespace FathomGateway.Proxy;

/// <summary>
/// Fields that Cloudflare's edge puts into requests. They belong to the connection between the client and the gateway's own edge:
/// a second edge in front of the backend refuses requests that carry them already.
/// </summary>
internal static class EdgeHeaders
{
    public static bool Is(string name) =>
        FieldName.StartsWith(name, "CF-") || FieldName.AreSame(name, "CDN-Loop") || FieldName.AreSame(name, "True-Client-IP");
}
