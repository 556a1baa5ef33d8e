using FathomGateway.Backend;
using FathomGateway.Backend.Http1;
using FathomGateway.Limits.Connections;
using Microsoft.Extensions.Primitives;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Gives a connection to the backend back: to the pool, or, where NTLM or Negotiate was spoken on it, to the client's connection whose user it has
/// authenticated, and to nobody else.
/// </summary>
internal static class ConnectionAffinity
{
    /// <summary>The connection that belongs to this client's, or null.</summary>
    public static BackendConnection? Take(ClientConnection? client, BackendPool pool)
    {
        if (client?.Detach() is not BackendConnection connection) return null;
        if (connection.Pool == pool && connection.IsQuiet) return connection;
        connection.Dispose();
        return null;
    }

    public static void Return(HttpContext context, BackendConnection connection, ClientConnection? client)
    {
        var head = connection.Head;
        var request = context.Request.Headers;
        connection.IsAuthenticated |= IsAuthentication(request.Authorization) || IsAuthentication(request.ProxyAuthorization);
        if (!connection.IsAuthenticated)
        {
            connection.Pool.Return(connection, rests: head.FramingFor(context.Request.Method) == BodyFraming.None);
        }
        else if (client is not null && head.KeepsConnection && !connection.HasLeftover && ForwardedRequest.IsHttp1(context.Request.Protocol))
        {
            connection.End();
            client.Attach(connection);
        }
        else
        {
            // Over HTTP/2 the client's connection may be a proxy's, with requests of many users.
            connection.Dispose();
        }
    }

    private static bool IsAuthentication(StringValues credentials) => credentials.Count > 0 && ConnectionAuthentication.IsIn(credentials[0]);
}
