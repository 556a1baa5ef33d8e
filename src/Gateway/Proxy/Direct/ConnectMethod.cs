using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Refuses CONNECT, because a gateway is no tunnel (RFC 9110, section 9.3.6). The extended CONNECT of a WebSocket over HTTP/2 passes (RFC
/// 8441).
/// </summary>
internal static class ConnectMethod
{
    private const string WebSocket = "websocket";

    /// <returns>Whether the request was answered.</returns>
    public static bool Refuse(HttpContext context)
    {
        if (context.Request.Method != HttpMethods.Connect) return false;
        var connect = context.Features.Get<IHttpExtendedConnectFeature>();
        if (connect is not { IsExtendedConnect: true })
        {
            ProxyErrorResponse.Refuse(context, StatusCodes.Status400BadRequest, "method");
            // The bytes that follow are tunnel data, not a request. HTTP/2 has no Connection field (RFC 9113, section 8.2.2).
            if (ForwardedRequest.IsHttp1(context.Request.Protocol)) context.Response.Headers.Connection = "close";
            return true;
        }

        if (WebSocket.Equals(connect.Protocol, StringComparison.OrdinalIgnoreCase)) return false;
        // RFC 9220, section 3: the status for an unknown protocol.
        ProxyErrorResponse.Refuse(context, StatusCodes.Status501NotImplemented, "protocol");
        return true;
    }
}
