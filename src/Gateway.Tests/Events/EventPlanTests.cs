using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens.Databases;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>Queries that run all the time read few rows, however many events wait.</summary>
[Trait("Speed", "Slow")]
public sealed class EventPlanTests(RealStores stores, ITestOutputHelper output)
{
    private const int PlannedEvents = 20_000;

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_oldest_of_many_waiting_events_is_found_by_an_index(string kind)
    {
        var plan = await PlanAsync(kind, outbox => outbox.OldestSql.Replace("@MaxAge", Day(kind), StringComparison.Ordinal));

        Assert.Matches("(SCAN fathom_events USING INDEX|Index Scan using) fathom_events_oldest", plan);
        Assert.DoesNotMatch("Seq Scan|Sort|TEMP B-TREE", plan);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_newest_untried_event_of_many_is_found_by_indexes_without_reading_all_queues(string kind)
    {
        var plan = await PlanAsync(kind, outbox => outbox.UntriedSql.Replace("@Count", "1", StringComparison.Ordinal));

        Assert.Matches("(SCAN fathom_events USING INDEX|Index Scan Backward using) fathom_events_oldest", plan);
        Assert.DoesNotMatch("Seq Scan|fathom_event_queues_due", plan);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_queues_that_are_due_last_are_found_by_an_index(string kind)
    {
        var plan = await PlanAsync(kind, outbox => outbox.TooLateSql
            .Replace("@MaxPause", Day(kind), StringComparison.Ordinal)
            .Replace("@Duration", Day(kind), StringComparison.Ordinal));

        Assert.Matches("(SCAN fathom_event_queues USING INDEX|Index Scan Backward using) fathom_event_queues_due", plan);
        Assert.DoesNotMatch("Seq Scan|Sort|TEMP B-TREE", plan);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>SQL: a span, in place of a parameter.</summary>
    private static string Day(string kind) => kind == TokenDatabase.Postgres ? "interval '1 day'" : "86400000";

    /// <summary>The plan of a query of the outbox while many events wait.</summary>
    private async Task<string> PlanAsync(string kind, Func<EventOutbox, string> query)
    {
        await using var stage = await EventStage.StartAsync(stores, kind, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        await stage.WriteAsync(PlannedEvents, PlannedEvents);
        await stage.Database.ExecuteAsync("ANALYZE fathom_events; ANALYZE fathom_event_queues");
        var sql = $"{(stage.Database.Url is null ? "EXPLAIN QUERY PLAN" : "EXPLAIN")} {query(stage.Outbox)}";
        var plan = await stage.Gateway.Services.GetRequiredService<Database>().ReadAsync(
            connection => connection.ListAsync(sql, null, row => row.GetString(row.FieldCount - 1), cancel: Cancel),
            Timeout.InfiniteTimeSpan,
            Cancel);
        output.WriteLine(string.Join('\n', plan));
        return string.Join('\n', plan);
    }
}
