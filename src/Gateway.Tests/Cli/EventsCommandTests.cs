using System.Text.Json;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary><c>gateway events list --status</c>, and <c>gateway events redeliver</c> for several events and for all that rest.</summary>
[Trait("Speed", "Slow")]
public sealed class EventsCommandTests(RealStores stores)
{
    private const string Question = "Redeliver all events that rest, 2 now?";

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Events_that_rest_are_listed_by_status_and_redelivered_by_one_command(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        await stage.WriteRestedAsync(6, 2);

        var (_, list, _) = await RunAsync(stage, 0, "events", "list", "--status", "rested");
        Assert.Equal(7, list.TrimEnd().Split('\n').Length);
        Assert.Matches("(?m)^evt_[0-9]+_[0-9a-f]{8} +.* connection.reconnected +user-1 +rested +60 +status 500$", list);
        Assert.Equal(6, await CountAsync(stage, "rested"));
        Assert.Equal(0, await CountAsync(stage, "waiting"));

        var (_, output, errors) = await RunAsync(stage, 0, "events", "redeliver", "--status", "rested");
        Assert.Equal("6 events wait to be delivered by a gateway that serves.", output.Trim());
        Assert.DoesNotContain("[y/N]", errors, StringComparison.Ordinal);
        await stage.IsAsync(rows => rows.All(row => row.Status == "delivered"), "all are delivered");
        Assert.Equal([2L, 4L, 6L], stage.Receiver.Of("user-0").Select(one => one.Version));
        Assert.Equal([1L, 3L, 5L], stage.Receiver.Of("user-1").Select(one => one.Version));

        (_, output, _) = await RunAsync(stage, 0, "events", "redeliver", "--status", "rested");
        Assert.Equal("No event rests.", output.Trim());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Several_events_are_redelivered_in_their_order_although_one_of_them_is_unknown(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        await stage.WriteRestedAsync(3, 1);
        var ids = (await stage.RowsAsync()).Select(row => row.Id).ToArray();

        var (_, output, errors) = await RunAsync(stage, 1, "events", "redeliver", ids[2], "evt_999_00000000", "canary", ids[0]);

        Assert.Equal(
            [$"{ids[0]} waits to be delivered by a gateway that serves.", $"{ids[2]} waits to be delivered by a gateway that serves."],
            output.Trim().Split('\n').AsEnumerable());
        Assert.Contains("There is no event evt_999_00000000", errors, StringComparison.Ordinal);
        Assert.Contains("Argument 3 of 4 is no id of an event", errors, StringComparison.Ordinal);
        await stage.IsAsync(rows => rows.Count(row => row.Status == "delivered") == 2, "two are delivered");
        Assert.Equal([1L, 3L], stage.Receiver.Received.Select(one => one.Version));
        Assert.Equal("rested", (await stage.RowsAsync())[1].Status);
    }

    [Fact]
    public async Task A_redelivery_of_all_events_that_rest_asks_on_a_terminal_and_is_left_without_a_yes()
    {
        await using var stage = await StartAsync();

        var (exitCode, shown) = await CommandOnTerminal.RunAsync(stage.Settings, "events redeliver --status rested", "n");

        Assert.True(exitCode == 1, $"{exitCode}: {shown}");
        Assert.Contains(Question, shown, StringComparison.Ordinal);
        Assert.Contains("Nothing was done.", shown, StringComparison.Ordinal);
        Assert.All(await stage.RowsAsync(), row => Assert.Equal("rested", row.Status));
    }

    [Theory]
    [InlineData("", "y", true)]
    [InlineData(" --yes", "n", false)]
    public async Task A_redelivery_of_all_events_that_rest_is_done_on_a_terminal_after_a_yes(string flag, string answer, bool asks)
    {
        await using var stage = await StartAsync();

        var (exitCode, shown) = await CommandOnTerminal.RunAsync(stage.Settings, $"events redeliver --status rested{flag}", answer);

        Assert.True(exitCode == 0, $"{exitCode}: {shown}");
        Assert.Equal(asks, shown.Contains(Question, StringComparison.Ordinal));
        Assert.Contains("2 events wait to be delivered", shown, StringComparison.Ordinal);
        Assert.All(await stage.RowsAsync(), row => Assert.Equal("waiting", row.Status));
    }

    /// <summary>Two events that rest. Nothing delivers.</summary>
    private async Task<EventStage> StartAsync()
    {
        var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        await stage.WriteRestedAsync(2, 2);
        return stage;
    }

    private static async Task<int> CountAsync(EventStage stage, string status)
    {
        var (_, output, _) = await RunAsync(stage, 0, "events", "list", "--json", "--status", status);
        return JsonElement.Parse(output).GetArrayLength();
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        EventStage stage, int exitCode, params string[] arguments)
    {
        var (code, output, errors) = await GatewayProcess.RunAsync(arguments, stage.Settings);
        Assert.True(code == exitCode, $"{string.Join(' ', arguments)}: {code}\n{output}\n{errors}");
        Assert.DoesNotContain("canary", output + errors, StringComparison.Ordinal);
        return (code, output, errors);
    }
}
