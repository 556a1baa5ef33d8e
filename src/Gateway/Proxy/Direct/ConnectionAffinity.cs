using FathomGateway.Backend;
using FathomGateway.Backend.Http1;
using FathomGateway.Limits.Connections;
using Microsoft.Extensions.Primitives;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Decides where a used backend connection goes: back to the pool, or, after NTLM or Negotiate, to the client connection whose user it has
/// authenticated. No other client gets such a connection.
/// </summary>
internal static class ConnectionAffinity
{
    /// <summary>The backend connection that is reserved for this client connection, or null.</summary>
    public static BackendConnection? Take(ClientConnection? client, BackendPool pool)
    {
        if (client?.Detach() is not BackendConnection connection) return null;
        if (connection.Pool == pool && connection.HasNothingToRead) return connection;
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
            connection.Pool.Return(connection, hadNoBody: head.FramingFor(context.Request.Method) == BodyFraming.None);
        }
        else if (client is not null
            && head.KeepsConnection && !connection.HasLeftover && ForwardedRequest.IsHttp1(context.Request.Protocol))
        {
            connection.End();
            client.Attach(connection);
        }
        else
        {
            // Over HTTP/2 the client connection may belong to a proxy and carry requests of many users.
            connection.Dispose();
        }
    }

    private static bool IsAuthentication(StringValues credentials) =>
        credentials.Count > 0 && ConnectionAuthentication.IsIn(credentials[0]);
}
