using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FathomGateway.Internal;

/// <summary>Marks connections of the internal listener.</summary>
internal static class InternalListener
{
    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }

    /// <summary>Marks every connection that the listener accepts.</summary>
    public static void MarkConnections(ListenOptions listener) => listener.Use((ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(Mark.Instance);
        return next(connection);
    });

    /// <summary>Whether the request arrived on a marked connection.</summary>
    public static bool Accepted(HttpContext context) => context.Features.Get<Mark>() is not null;
}
