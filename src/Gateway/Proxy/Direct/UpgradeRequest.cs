using FathomGateway.Backend.Http1;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// A request that asks for another protocol on its connection (RFC 9110, section 7.8): WebSocket, or any other that the backend may know.
/// </summary>
internal static class UpgradeRequest
{
    /// <summary>
    /// Whether the wish is passed on. Not for <c>h2c</c>: requests within it would go past the gateway's own routes, and RFC 9113 has taken it out of use.
    /// Not for a WebSocket whose method is no GET, which is none (RFC 6455, section 4.1): the request goes on as the plain one that it is.
    /// </summary>
    public static bool IsForwarded(HttpContext context)
    {
        var upgrade = context.Request.Headers.Upgrade;
        if (upgrade.Count == 0 || context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }) return false;
        foreach (var line in upgrade)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var protocol = line.AsSpan()[range].Trim(" \t");
                if (protocol.StartsWith("h2c", StringComparison.OrdinalIgnoreCase)) return false;
                if (protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase) && context.Request.Method != HttpMethods.Get) return false;
            }
        }

        return true;
    }

    public static void Write(HttpRequest request, OutputBuffer output)
    {
        output.Write("Connection: Upgrade\r\n"u8);
        foreach (var line in request.Headers.Upgrade) output.Write($"Upgrade: {line}\r\n");
    }
}
