using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>
/// The lists on a long table: each page is read by an index, and memory does not grow with the table. <c>LIST_ROWS</c> sets how many
/// connections there are; with a million, the figures of docs/scaling.md are measured.
/// </summary>
public sealed class ConnectionListSizeTests(RealStores stores, ITestOutputHelper output)
{
    /// <summary>What one process may grow by while it lists: a page, and what the garbage collector has not collected yet.</summary>
    private const long FlatBytes = 96 << 20;

    /// <summary>Every thousandth user has to connect again.</summary>
    private const int Rare = 1000;

    private static readonly int Rows =
        int.Parse(Environment.GetEnvironmentVariable("LIST_ROWS") ?? "3000", CultureInfo.InvariantCulture);

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Pages_of_connections_come_by_an_index_and_in_flat_memory(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        await LongList.FillAsync(stage, Rows, Rare);
        var store = stage.Gateway.Services.GetRequiredService<ConnectionStore>();
        await AssertByIndexAsync(stage, store.ListSql, "'user-5'", "fathom_connections");
        await AssertByIndexAsync(stage, ConnectionStore.RangeSql, "'user-5'", "fathom_connections");
        await AssertByIndexAsync(stage, stage.Outbox.ListSql, "5", "fathom_events");
        if (Rows < 100_000) return;

        await using var gateway = await GatewayProcess.StartAsync(stage.Settings);
        Assert.Equal(Rows, await ListByApiAsync(gateway, ""));
        Assert.Equal(Rows - (Rows / Rare), await ListByApiAsync(gateway, "connected"));
        Assert.Equal(Rows / Rare, await ListByApiAsync(gateway, "reconnect_required"));

        foreach (var arguments in (string[][])[[], ["--json"], ["--status", "reconnect_required"]])
        {
            await ListByCommandAsync(stage, ["connections", "list", .. arguments]);
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task AssertByIndexAsync(EventStage stage, string sql, string after, string table)
    {
        var explained = sql.Replace("@After", after, StringComparison.Ordinal).Replace("@Count", "100", StringComparison.Ordinal);
        var prefix = stage.Database.Url is null ? "EXPLAIN QUERY PLAN " : "EXPLAIN ";
        var plan = await stage.Gateway.Services.GetRequiredService<Database>().ReadAsync(
            async connection => string.Join(
                '\n', await connection.ListAsync(prefix + explained, null, row => row.GetString(row.FieldCount - 1), cancel: Cancel)),
            Timeout.InfiniteTimeSpan,
            Cancel);
        output.WriteLine(plan);
        Assert.Matches(
            stage.Database.Url is null ? "SEARCH (event|fathom_connections) USING" : $"Index (Only )?Scan using {table}_pkey on {table}",
            plan);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
        Assert.DoesNotMatch($"SCAN {table}|SCAN event|Seq Scan on {table}", plan);
    }

    private async Task<int> ListByApiAsync(GatewayProcess gateway, string status)
    {
        var (found, pages, since, most) = (0, 0, Stopwatch.GetTimestamp(), 0L);
        var (before, slowest) = (0L, TimeSpan.Zero);
        for (string? after = ""; after is not null; pages++)
        {
            var begun = Stopwatch.GetTimestamp();
            using var answer = await gateway.InternalAsync(
                HttpMethod.Get, $"connections?limit=1000&status={status}&after={Uri.EscapeDataString(after)}");
            var page = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancel));
            slowest = Stopwatch.GetElapsedTime(begun) > slowest ? Stopwatch.GetElapsedTime(begun) : slowest;
            found += page.GetProperty("connections").GetArrayLength();
            after = page.GetProperty("next").GetString();
            most = Math.Max(most, ProcessMemory.ResidentBytes(gateway.ProcessId));
            if (pages == 10) before = most;
        }

        Report(
            $"API {status}: {found} in {pages} pages, {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s, "
            + $"slowest page {slowest.TotalMilliseconds:0} ms, {before >> 20} MB after 10 pages, {most >> 20} MB at most");
        Assert.InRange(most - before, 0, FlatBytes);
        return found;
    }

    private async Task ListByCommandAsync(EventStage stage, string[] arguments)
    {
        var since = Stopwatch.GetTimestamp();
        await using var command = GatewayCommand.Start(arguments, stage.Settings, redirection: "> /dev/null");
        var samples = new List<long>();
        while (!command.HasExited)
        {
            try
            {
                samples.Add(ProcessMemory.ResidentBytes(command.Id));
            }
            catch (Exception gone) when (gone is IOException or InvalidOperationException)
            {
                // It has ended between the question and the look.
            }

            await Task.Delay(50, Cancel);
        }

        Assert.Equal(0, await command.ExitCodeAsync(TimeSpan.FromMinutes(5)));
        Report(
            $"{string.Join(' ', arguments)}: {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s, "
            + $"{samples[samples.Count / 4] >> 20} MB after a quarter, {samples.Max() >> 20} MB at most");
        Assert.InRange(samples.Max() - samples[samples.Count / 4], 0, FlatBytes);
    }

    private void Report(string line)
    {
        output.WriteLine(line);
        LongTest.Report(line);
    }
}
