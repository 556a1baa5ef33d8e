using FathomGateway.Events.Outbox;
using FathomGateway.Settings.Responses;

namespace FathomGateway.Internal;

/// <summary><c>GET /events</c> lists the outbox; <c>POST /events/{id}/redeliver</c> delivers one event again.</summary>
internal sealed class EventsEndpoint(EventOutbox outbox)
{
    public const string Route = "/events";
    private const string RedeliverRoute = "/redeliver";
    private const string StatusName = "status";

    /// <param name="rest">The path after <see cref="Route"/>: empty, or beginning with a slash.</param>
    public Task HandleAsync(HttpContext context, string rest)
    {
        if (rest.Length == 0) return GetRoute.AnswerAsync(context, ListAsync);
        if (!rest.EndsWith(RedeliverRoute, StringComparison.OrdinalIgnoreCase)) return InternalProblem.NoSuchRouteAsync(context);
        var id = rest[..^RedeliverRoute.Length];
        return id.LastIndexOf('/') == 0 ? RedeliverAsync(context, id[1..]) : InternalProblem.NoSuchRouteAsync(context);
    }

    private async Task ListAsync(HttpContext context)
    {
        var status = context.Request.Query[StatusName];
        if (status.Count > 1
            || status is not ([] or [null or "" or StoredEvent.Waiting or StoredEvent.Delivered or StoredEvent.Rested]))
        {
            await InternalProblem.BadRequestAsync(
                context, $"{StatusName} is {StoredEvent.Waiting}, {StoredEvent.Delivered} or {StoredEvent.Rested}, once.");
            return;
        }

        var after = 0L;
        if (Paging.Read(context.Request.Query) is not { } paging
            || (paging.After is { } id && !StoredEvent.TryParseId(id, out after, out _)))
        {
            await Paging.RefuseAsync(context);
            return;
        }

        var wanted = string.IsNullOrEmpty(status) ? null : (string?)status;
        var found = await outbox.PageAsync(wanted, after, paging.Limit, context.RequestAborted);
        var page = new EventPage([.. found.Events.Select(ListedEvent.Of)], found.Next?.Id);
        await JsonResponse.WriteAsync(context, page, InternalJson.Default.EventPage);
    }

    private async Task RedeliverAsync(HttpContext context, string id)
    {
        if (context.Request.Method != "POST")
        {
            await InternalProblem.MethodNotAllowedAsync(context, "POST");
            return;
        }

        if (!StoredEvent.TryParseId(id, out var seq, out var suffix) || !await outbox.RedeliverAsync(seq, suffix, context.RequestAborted))
        {
            await InternalProblem.WriteAsync(
                context, StatusCodes.Status404NotFound, "no_such_event", "No such event", "There is none of this id any more.");
            return;
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        await JsonResponse.WriteAsync(context, new Requeued(id, StoredEvent.Waiting), InternalJson.Default.Requeued);
    }

    internal sealed record EventPage(ListedEvent[] Events, string? Next);

    internal sealed record Requeued(string Id, string Status);
}
