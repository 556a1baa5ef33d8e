using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>A gateway of one of the two kinds with a provider around it, and a receiver of its events.</summary>
internal sealed class EventStage : IAsyncDisposable
{
    private EventStage(Stage stage, EventReceiver receiver, TokenDatabase database, Dictionary<string, string?> settings) =>
        (Stage, Receiver, Database, Settings) = (stage, receiver, database, settings);

    public Stage Stage { get; }

    public EventReceiver Receiver { get; }

    public TokenDatabase Database { get; }

    /// <summary>For further replicas.</summary>
    public Dictionary<string, string?> Settings { get; }

    public GatewayUnderTest Gateway => Stage.Gateway;

    public EventOutbox Outbox => Gateway.Services.GetRequiredService<EventOutbox>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="kind">See <see cref="TokenDatabase.Both"/>.</param>
    /// <param name="settings">In place of those that switch events on.</param>
    public static async Task<EventStage> StartAsync(RealStores stores, string kind, params (string Name, string? Value)[] settings)
    {
        var (receiver, database) = (EventReceiver.Start(), await TokenDatabase.CreateAsync(stores, kind));
        (string Name, string? Value)[] changes = [.. receiver.Settings, .. settings];
        var all = database.Url is { } url
            ? TestSettings.OnRealStores(await stores.RedisAsync(), url, changes)
            : TestSettings.Embedded([.. changes, ("DATA_DIR", database.Folder)]);
        return new EventStage(await Stage.StartAsync(all), receiver, database, all);
    }

    /// <summary>The outbox, in order.</summary>
    public async Task<IReadOnlyList<StoredEvent>> RowsAsync() => await Outbox.ListAsync(0, 1_000, Cancel);

    public async Task<StoredEvent> RowOfAsync(string user) => (await RowsAsync()).Single(row => row.UserId == user);

    public Task BecomesAsync(string user, string status) =>
        IsAsync(rows => rows.Where(row => row.UserId == user).All(row => row.Status == status), $"{user} is {status}");

    /// <summary>Waits until the outbox is like this.</summary>
    public Task IsAsync(Func<IReadOnlyList<StoredEvent>, bool> condition, string because) =>
        Eventually.BecomesTrueAsync(async () => condition(await RowsAsync()), TimeSpan.FromSeconds(60), because);

    /// <summary>As a refresh that was refused leaves the user's row; no event tells of it.</summary>
    public Task MarkAsync(string user) => Database.ExecuteAsync(
        $"UPDATE fathom_connections SET reconnect_reason = 'refresh_refused', reconnect_at = updated_at WHERE user_id = '{user}'");

    /// <summary>Makes the user's first event due.</summary>
    public Task IsDueAsync(string user) =>
        Database.ExecuteAsync($"UPDATE fathom_event_queues SET due_at = {Before("1")} WHERE user_id = '{user}'");

    /// <summary>Writes events of reconnects as changes write them, evenly for so many users.</summary>
    public Task WriteAsync(int count, int users) => Database.ExecuteAsync(Database.Url is null
        ? $"""
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO fathom_events (suffix, user_id, type, version, created_at)
            SELECT printf('%08x', i), 'user-' || (i % {users}), 'connection.reconnected', i, {Before("1")} FROM n;
            INSERT INTO fathom_event_queues (user_id, due_at)
            SELECT DISTINCT user_id, {Before("1")} FROM fathom_events WHERE delivered_at IS NULL;
            COMMIT
            """
        : $"""
            INSERT INTO fathom_events (suffix, user_id, type, version, created_at)
            SELECT lpad(to_hex(i), 8, '0'), 'user-' || (i % {users}), 'connection.reconnected', i, {Before("1")}
            FROM generate_series(1, {count}) AS i;
            INSERT INTO fathom_event_queues (user_id, due_at)
            SELECT DISTINCT user_id, {Before("1")} FROM fathom_events WHERE delivered_at IS NULL
            """);

    /// <summary>Writes events that rest, evenly for so many users. Their versions count from 1.</summary>
    public Task WriteRestedAsync(int count, int users) => Database.ExecuteAsync($"""
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
        INSERT INTO fathom_events (suffix, user_id, type, version, created_at, attempts, last_result, rested_at)
        SELECT '0a1b2c3d', 'user-' || (i % {users}), 'connection.reconnected', i, {Before("270000")}, 60, 'status 500', {Before("1")}
        FROM n
        """);

    /// <summary>SQL: that many seconds ago.</summary>
    public string Before(string seconds) =>
        Database.Url is null ? $"(unixepoch() - {seconds}) * 1000" : $"now() - interval '{seconds} seconds'";

    public async ValueTask DisposeAsync()
    {
        await Stage.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}
