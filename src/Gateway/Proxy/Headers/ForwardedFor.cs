using FathomGateway.Settings;

namespace FathomGateway.Proxy.Headers;

/// <summary>
/// <c>X-Forwarded-For</c> with the peer's address appended. Received values stay in front; the backend decides whether to trust them.
/// </summary>
internal static class ForwardedFor
{
    public const string Name = "X-Forwarded-For";

    /// <returns>The value, or null where the peer has no address.</returns>
    public static string? Value(HttpContext context)
    {
        var received = context.Request.Headers[Name].ToString();
        if (context.Connection.RemoteIpAddress is not { } peer) return received.Length > 0 ? received : null;
        peer = IPNetworks.Plain(peer);
        return received.Length > 0 ? $"{received}, {peer}" : peer.ToString();
    }
}
