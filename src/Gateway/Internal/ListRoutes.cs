using FathomGateway.Audit;
using FathomGateway.Internal.Connections;

namespace FathomGateway.Internal;

/// <summary>Routes requests for the lists, <c>/connections</c> and <c>/events</c>, which need the API key.</summary>
internal sealed class ListRoutes(InternalApiKey key, ConnectionListEndpoint connections, EventsEndpoint events, AuditLog audit)
{
    /// <summary>False, without a response, for a request to another route, or where no key is set.</summary>
    public async Task<bool> HandleAsync(HttpContext context)
    {
        if (!key.IsSet || Route(context) is not { } route) return false;
        await ApiKeyRoute.AnswerAsync(
            context, key, route.Handle, outcome => audit.KeyUsed($"{context.Request.Method} {route.Name}", outcome));
        return true;
    }

    private (string Name, Func<Task> Handle)? Route(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.Equals(ConnectionListEndpoint.Route, StringComparison.OrdinalIgnoreCase))
        {
            return ("connections", () => GetRoute.AnswerAsync(context, connections.HandleAsync));
        }

        if (path.StartsWithSegments(EventsEndpoint.Route, StringComparison.OrdinalIgnoreCase, out var rest))
        {
            return ("events", () => events.HandleAsync(context, rest.Value!.TrimEnd('/')));
        }

        return null;
    }
}
