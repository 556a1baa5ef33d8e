using FathomGateway.Events;
using FathomGateway.Telemetry;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>What the end of a process records.</summary>
public sealed class EventStopTests(RealStores stores)
{
    private const string LockTable = "LOCK TABLE fathom_events IN ACCESS EXCLUSIVE MODE";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The lock on the table makes each record wait, so that the test sees it. The lock on the row makes each record leave the result out.
    /// By the clock of the test, nothing polls.
    /// </summary>
    [Fact]
    public async Task A_delivery_whose_row_is_locked_for_a_moment_while_the_gateway_stops_is_recorded()
    {
        await using var stage = await EventStage.StartAsync(
            stores, TokenDatabase.Postgres, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        var (services, url) = (stage.Gateway.Services, stage.Database.Url!);
        var events = new ConnectionEvents(services.GetRequiredService<Database>());
        using var sender = new EventSender(new EventsOptions(new Uri(stage.Receiver.Url), [new byte[24]]), TimeProvider.System);
        using var delivery = new EventDelivery(
            stage.Outbox, sender, events, services.GetRequiredService<GatewayMetrics>(), new FakeTimeProvider(),
            NullLogger<EventDelivery>.Instance);
        TaskCompletionSource<string> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Receiver.Answer = _ => answer.Task;
        await stage.WriteAsync(1, 1);
        await delivery.StartAsync(Cancel);
        await Eventually.BecomesTrueAsync(() => stage.Receiver.Count == 1, Limit, "the event is being delivered");

        await using var row = await PostgresTestDatabase.OpenAsync(url);
        await using var table = await PostgresTestDatabase.OpenAsync(url);
        await LockAsync(row, "SELECT 1 FROM fathom_event_queues FOR UPDATE");
        await LockAsync(table, LockTable);
        answer.SetResult(EventReceiver.Ok);
        await RecordBeginsAsync(url);
        await LockAgainAsync(table);
        var stop = delivery.StopAsync(Cancel);
        await RecordBeginsAsync(url);
        await LockAgainAsync(table);
        await RecordBeginsAsync(url);
        await ExecuteAsync(row, "COMMIT");
        await ExecuteAsync(table, "COMMIT");
        await stop;

        Assert.Equal("delivered", (await stage.RowOfAsync("user-0")).Status);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task LockAsync(NpgsqlConnection connection, string sql)
    {
        await ExecuteAsync(connection, "BEGIN");
        await ExecuteAsync(connection, sql);
    }

    /// <summary>Lets the record that waits go on, and holds up the next one.</summary>
    private static async Task LockAgainAsync(NpgsqlConnection table)
    {
        await ExecuteAsync(table, "COMMIT");
        await LockAsync(table, LockTable);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The test writes its SQL itself.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static Task RecordBeginsAsync(string url) => Eventually.BecomesTrueAsync(
        async () => await PostgresTestDatabase.LockWaitsAsync(url) > 0, Limit, "a record waits for the table");
}
