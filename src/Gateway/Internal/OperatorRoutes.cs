using FathomGateway.Audit;
using FathomGateway.Tokens;

namespace FathomGateway.Internal;

/// <summary>The lists, behind the API key: <c>/connections</c> and <c>/events</c>.</summary>
internal sealed class OperatorRoutes(InternalApiKey key, ConnectionListEndpoint connections, EventsEndpoint events, AuditLog audit)
{
    /// <summary>The database's client tries to reconnect every second or two.</summary>
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(5);

    /// <summary>False for a request to another route, or while there is no key: nothing is answered then.</summary>
    public async Task<bool> HandleAsync(HttpContext context)
    {
        if (!key.IsSet || Route(context) is not { } handle) return false;
        try
        {
            await (key.Opens(context.Request) ? RecordedAsync(context, handle) : InternalProblem.UnauthorizedAsync(context));
        }
        catch (ConnectionStoreUnavailableException)
        {
            await InternalProblem.UnavailableAsync(context, StorePause);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }

        return true;
    }

    private async Task RecordedAsync(HttpContext context, Func<Task> handle)
    {
        await handle();
        var isEvents = context.Request.Path.StartsWithSegments(EventsEndpoint.Route, StringComparison.OrdinalIgnoreCase);
        audit.KeyUsed($"{context.Request.Method} {(isEvents ? "events" : "connections")}", $"{context.Response.StatusCode}");
    }

    private Func<Task>? Route(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.Equals(ConnectionListEndpoint.Route, StringComparison.OrdinalIgnoreCase)) return () => connections.HandleAsync(context);
        if (path.StartsWithSegments(EventsEndpoint.Route, StringComparison.OrdinalIgnoreCase, out var rest))
        {
            return () => events.HandleAsync(context, rest.Value!.TrimEnd('/'));
        }

        return null;
    }
}
