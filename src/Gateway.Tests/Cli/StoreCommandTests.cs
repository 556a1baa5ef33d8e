using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary><c>gateway connections</c> and <c>gateway events</c>, beside a gateway that serves.</summary>
[Trait("Speed", "Slow")]
public sealed class StoreCommandTests(RealStores stores)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Store_commands_list_show_disconnect_and_redeliver(string kind)
    {
        await using var stage = await EventStage.StartAsync(stores, kind);
        foreach (var user in (string[])["ann", "ben"]) await stage.Gateway.StoreAsync(user, "access-canary", "refresh-canary");
        await stage.MarkAsync("ben");
        await stage.BecomesAsync("ann", "delivered");

        var list = await RunAsync(stage, 0, "connections", "list");
        Assert.Equal(3, list.TrimEnd().Split('\n').Length);
        Assert.Matches("(?m)^USER +STATUS +CONNECTED", list);
        Assert.Matches("(?m)^ben +reconnect_required +.* refresh_refused$", list);
        var json = System.Text.Json.JsonElement.Parse(await RunAsync(stage, 0, "connections", "list", "--status", "connected", "--json"));
        Assert.Equal("ann", Assert.Single(json.EnumerateArray()).GetProperty("user_id").GetString());
        Assert.Contains("refresh_refused", await RunAsync(stage, 0, "connections", "show", "ben"), StringComparison.Ordinal);

        var ended = await RunAsync(stage, 0, "connections", "disconnect", "ann");
        Assert.Equal("ann is disconnected; revoked by the provider: no.", ended.Trim());
        Assert.Null(await stage.Stage.ConnectionAsync("ann"));
        await stage.Receiver.HasAsync("ann", "connection.connected", "connection.disconnected");

        await stage.BecomesAsync("ann", "delivered");
        var events = await RunAsync(stage, 0, "events", "list");
        Assert.Matches("(?m)^evt_[0-9]+_[0-9a-f]{8} +.* connection.disconnected +ann +delivered +1$", events);
        Assert.Equal(3, System.Text.Json.JsonElement.Parse(await RunAsync(stage, 0, "events", "list", "--json")).GetArrayLength());
        var id = stage.Receiver.Received[0].Id;
        await RunAsync(stage, 0, "events", "redeliver", id);
        await stage.Receiver.CameAgainAsync(id);
    }

    [Fact]
    public async Task Store_commands_end_with_1_for_unknown_ids_and_with_64_for_wrong_arguments()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        await RunAsync(stage, 1, "connections", "show", "nobody");
        await RunAsync(stage, 1, "connections", "disconnect", "nobody");
        await RunAsync(stage, 1, "events", "redeliver", "evt_1_00000000");
        await RunAsync(stage, 64, "connections", "list", "--status", "lost");
        await RunAsync(stage, 64, "connections", "disconnect");
        await RunAsync(stage, 64, "events", "list", "ann");
    }

    [Theory]
    [InlineData("-ann")]
    [InlineData("--yes")]
    public async Task A_user_whose_id_begins_with_a_hyphen_is_shown_and_disconnected(string user)
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        await stage.Gateway.StoreAsync(user, "access-canary", "refresh-canary");

        Assert.Contains($"user        {user}\n", await RunAsync(stage, 0, "connections", "show", "--", user), StringComparison.Ordinal);
        await RunAsync(stage, 64, "connections", "disconnect", "--yes");
        var (exitCode, output, _) = await GatewayProcess.RunAsync(["connections", "disconnect", "--yes", "--", user], stage.Settings);

        Assert.Equal((0, $"{user} is disconnected; revoked by the provider: no."), (exitCode, output.Trim()));
        Assert.Null(await stage.Stage.ConnectionAsync(user));
    }

    [Theory]
    [InlineData("connections", "list")]
    [InlineData("connections", "show", "ann")]
    [InlineData("connections", "disconnect", "ann", "--yes")]
    [InlineData("events", "list", "--json")]
    [InlineData("events", "redeliver", "evt_1_00000000")]
    public async Task Store_commands_report_a_folder_without_the_database_file_and_leave_it_empty(params string[] arguments)
    {
        var folder = TempFolder.Create("data");
        var (exitCode, output, errors) =
            await GatewayProcess.RunAsync(arguments, TestSettings.Embedded(("DATA_DIR", folder), ("TOKEN_ENCRYPTION_KEYS", null)));

        Assert.Equal((78, ""), (exitCode, output));
        Assert.Contains("DATA_DIR", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task The_doctor_posts_a_signed_test_event_when_asked_to()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        var (_, output, _) = await GatewayProcess.RunAsync(["doctor", "--send-event"], stage.Settings);
        Assert.Matches("(?m)^ +ok +events +.* took a signed event", output);
        var test = Assert.Single(stage.Receiver.Received);
        Assert.Equal("gateway.test", test.Type);
        test.IsSignedWith(stage.Receiver.Secret);

        stage.Receiver.Answers(EventReceiver.Status(401));
        (var exitCode, output, _) = await GatewayProcess.RunAsync(["doctor", "--json", "--send-event"], stage.Settings);
        Assert.Equal(1, exitCode);
        Assert.Contains("EVENTS_SECRET", output, StringComparison.Ordinal);
        Assert.Contains("compare the clocks", output, StringComparison.Ordinal);
        Assert.DoesNotContain(stage.Receiver.Secret, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disconnect_command_whose_database_answers_late_finishes_before_it_exits_F8()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres);
        await stage.Gateway.StoreAsync("ann", "access-canary", "refresh-canary");
        var url = stage.Settings["DATABASE_URL"]!;
        // The driver's own limit would end the wait for the lock soon after the command has given up.
        Dictionary<string, string?> settings = new(stage.Settings) { ["DATABASE_URL"] = $"{url}?Command%20Timeout=60" };
        await using var holder = await PostgresTestDatabase.OpenAsync(url);
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended('ann', 112888))", holder))
            await take.ExecuteNonQueryAsync();

        await using var command = GatewayCommand.Start(["connections", "disconnect", "ann", "--yes"], settings);
        await Eventually.BecomesTrueAsync(
            () => command.Errors.Contains("has not wiped the connection in time", StringComparison.Ordinal), Limit, "it has given up");
        await transaction.RollbackAsync();

        Assert.Equal(1, await command.ExitCodeAsync(Limit));
        Assert.Null(await stage.Stage.ConnectionAsync("ann"));
        Assert.Contains("User ann was disconnected", command.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(EventStage stage, int exitCode, params string[] arguments)
    {
        var (code, output, errors) = await GatewayProcess.RunAsync(arguments, stage.Settings);
        Assert.True(code == exitCode, $"{string.Join(' ', arguments)}: {code}\n{output}\n{errors}");
        Assert.DoesNotContain("canary", output + errors, StringComparison.Ordinal);
        Assert.DoesNotMatch("   at |EVENTS_URL is not set", errors);
        if (arguments[1] == "disconnect" && exitCode == 0) Assert.Contains("User ann was disconnected", errors, StringComparison.Ordinal);
        return output;
    }
}
