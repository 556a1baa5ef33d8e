using FathomGateway.Backend.Http1;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// A request to upgrade the connection to another protocol (RFC 9110, section 7.8): WebSocket, or any other that the backend supports.
/// </summary>
internal static class UpgradeRequest
{
    /// <summary>
    /// Whether the upgrade is forwarded. <c>h2c</c> is not: its requests would bypass the gateway's own routes, and RFC 9113 has deprecated
    /// it. HTTP/1.0 has no upgrade (RFC 9110, section 7.8). A WebSocket upgrade must be a GET (RFC 6455, section 4.1). The other requests
    /// are forwarded as plain ones.
    /// </summary>
    public static bool IsForwarded(HttpContext context)
    {
        var upgrade = context.Request.Headers.Upgrade;
        if (upgrade.Count == 0 || context.Request.Protocol == HttpProtocol.Http10) return false;
        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true }) return false;
        foreach (var line in upgrade)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var protocol = line.AsSpan()[range].Trim(" \t");
                if (protocol.StartsWith("h2c", StringComparison.OrdinalIgnoreCase)) return false;
                if (protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase) && context.Request.Method != HttpMethods.Get)
                {
                    return false;
                }
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
