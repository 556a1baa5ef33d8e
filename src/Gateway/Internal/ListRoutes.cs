using FathomGateway.Audit;
using FathomGateway.Internal.Connections;

namespace FathomGateway.Internal;

/// <summary>The lists, behind the API key: <c>/connections</c> and <c>/events</c>.</summary>
internal sealed class ListRoutes(InternalApiKey key, ConnectionListEndpoint connections, EventsEndpoint events, AuditLog audit)
{
    /// <summary>False for a request to another route, or while there is no key: nothing is answered then.</summary>
    public async Task<bool> HandleAsync(HttpContext context)
    {
        if (!key.IsSet || Route(context) is not { } route) return false;
        await ApiKeyRoute.AnswerAsync(context, key, async () =>
        {
            await route.Handle();
            audit.KeyUsed($"{context.Request.Method} {route.Name}", $"{context.Response.StatusCode}");
        });
        return true;
    }

    private (string Name, Func<Task> Handle)? Route(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.Equals(ConnectionListEndpoint.Route, StringComparison.OrdinalIgnoreCase))
        {
            return ("connections", () => connections.HandleAsync(context));
        }

        if (path.StartsWithSegments(EventsEndpoint.Route, StringComparison.OrdinalIgnoreCase, out var rest))
        {
            return ("events", () => events.HandleAsync(context, rest.Value!.TrimEnd('/')));
        }

        return null;
    }
}
