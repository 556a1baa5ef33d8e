using System.Text.Json;
using FathomGateway.Sandbox.Backend;

namespace FathomGateway.Sandbox.Show;

/// <summary>What an operator sees: the gateway's lists of events and connections, from its internal listener.</summary>
internal sealed class GatewayLists(GatewayInternalApi gateway)
{
    /// <summary>Events that the page shows: the latest.</summary>
    private const int MaxEvents = 12;

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    // A database that hangs must not hold up the page.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private string _after = "";

    /// <summary>The latest events, the newest first; null while the gateway does not answer.</summary>
    public async Task<IReadOnlyList<OutboxEvent>?> EventsAsync(CancellationToken cancellation)
    {
        var found = new List<OutboxEvent>();
        for (var next = _after; next is not null;)
        {
            if (await AskAsync<EventPage>(cancel => gateway.EventsAsync(next, cancel), cancellation) is not { } page) return null;
            found.AddRange(page.Events);
            next = page.Next;
        }

        // Older events are not requested again: a separate database may keep a day of events.
        if (found.Count > MaxEvents) _after = found[^(MaxEvents + 1)].Id;
        return [.. found.TakeLast(MaxEvents).Reverse()];
    }

    /// <summary>The first page of connections in the order of user ids; null while the gateway does not answer.</summary>
    public async Task<IReadOnlyList<ListedConnection>?> ConnectionsAsync(CancellationToken cancellation) =>
        (await AskAsync<ConnectionPage>(gateway.ConnectionsAsync, cancellation))?.Connections;

    private static async Task<T?> AskAsync<T>(Func<CancellationToken, Task<GatewayAnswer>> ask, CancellationToken cancellation)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            var answer = await ask(limit.Token);
            return answer.Status == StatusCodes.Status200OK ? JsonSerializer.Deserialize<T>(answer.Text, Json) : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private sealed record EventPage(IReadOnlyList<OutboxEvent> Events, string? Next);

    private sealed record ConnectionPage(IReadOnlyList<ListedConnection> Connections);
}

/// <summary>An entry of <c>GET /events</c>.</summary>
internal sealed record OutboxEvent(
    string Id, string Type, DateTimeOffset Timestamp, OutboxEventData Data, string Status, int Attempts,
    DateTimeOffset? NextAttemptAt);

/// <summary>Whom an event is about.</summary>
internal sealed record OutboxEventData(string UserId, string? Reason);

/// <summary>An entry of <c>GET /connections</c>.</summary>
internal sealed record ListedConnection(
    string UserId, string Status, DateTimeOffset ConnectedAt, DateTimeOffset ExpiresAt, long Version, string? Reason);
