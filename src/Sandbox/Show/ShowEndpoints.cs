using System.Globalization;
using FathomGateway.Sandbox.Backend;
using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Provider;

namespace FathomGateway.Sandbox.Show;

/// <summary>The routes of the pages that show the flow. They exist only in the sandbox.</summary>
internal static class ShowEndpoints
{
    /// <summary>The live stream, the choice of faults, redelivery of an event, and the page's files.</summary>
    public static void MapShow(this IEndpointRouteBuilder app, Watch watch, LiveUpdates updates, Faults faults)
    {
        app.MapGet("/sandbox/live", (HttpContext context, IHostApplicationLifetime lifetime) => Live(context, lifetime, watch, updates));
        app.MapDelete("/sandbox/hops", () =>
        {
            watch.Hops.Clear();
            return Results.NoContent();
        });
        app.MapPost("/sandbox/fault", (Fault kind) =>
        {
            faults.Current = kind;
            return Results.NoContent();
        });
        app.MapFiles("Frontend/Pages", "show.css", "hops.css", "show.js", "show-hops.js", "show-stores.js", "show-choices.js");
    }

    /// <summary>The routes for events, of the receiver and of the gateway's list.</summary>
    public static void MapEvents(this IEndpointRouteBuilder app, EventReceiver receiver, GatewayInternalApi gateway)
    {
        app.MapPost("/sandbox/receiver", (ReceiverMode kind) =>
        {
            receiver.Mode = kind;
            return Results.NoContent();
        });
        app.MapPost("/sandbox/receiver/secret", () =>
        {
            receiver.ChangeSecret();
            return Results.NoContent();
        });
        app.MapPost("/sandbox/events/{id}/redeliver", async (string id, CancellationToken cancellation) =>
            (await gateway.RedeliverAsync(id, cancellation)).ToResult());
        app.MapFiles("Frontend/Pages", "events.css", "events.js", "live.js", "show-connections.js");
    }

    /// <summary><c>GET /sandbox/live</c>: <c>text/event-stream</c> (WHATWG HTML, 9.2).</summary>
    /// <remarks>A browser that lost the stream names the last hop that it has.</remarks>
    private static IResult Live(HttpContext context, IHostApplicationLifetime lifetime, Watch watch, LiveUpdates updates)
    {
        var known = int.TryParse(
            context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= watch.Hops.Count;
        // A stream has no end. It must not delay the end of the sandbox.
        var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(ended);
        return Results.ServerSentEvents(updates.FollowAsync(known ? number : 0, ended.Token));
    }
}
