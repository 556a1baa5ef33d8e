using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Refuses CONNECT: a gateway is no tunnel (RFC 9110, section 9.3.6). WebSockets over HTTP/2 begin with it and pass (RFC 8441).
/// </summary>
internal static class ConnectMethod
{
    private const string WebSocket = "websocket";

    /// <returns>Whether the request is answered.</returns>
    public static bool Refuse(HttpContext context)
    {
        if (context.Request.Method != HttpMethods.Connect) return false;
        var connect = context.Features.Get<IHttpExtendedConnectFeature>();
        if (connect is not { IsExtendedConnect: true })
        {
            ProxyErrorResponse.Refuse(context, StatusCodes.Status400BadRequest, "method");
            // What a client sends into a tunnel is no request. HTTP/2 has no such field (RFC 9113, section 8.2.2).
            if (ForwardedRequest.IsHttp1(context.Request.Protocol)) context.Response.Headers.Connection = "close";
            return true;
        }

        if (WebSocket.Equals(connect.Protocol, StringComparison.OrdinalIgnoreCase)) return false;
        // RFC 9220, section 3, for a protocol that is not known.
        ProxyErrorResponse.Refuse(context, StatusCodes.Status501NotImplemented, "protocol");
        return true;
    }
}
