using System.Text.Json;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>What <c>gateway connections disconnect</c> leaves on record: its audit line, and its event or that there is none.</summary>
[Trait("Speed", "Slow")]
public sealed class DisconnectRecordTests(RealStores stores)
{
    private const string Unset = "EVENTS_URL is not set here", HasEvents = "the database has events";

    private static readonly (string Name, string? Value)[] WithoutEvents = [("EVENTS_URL", null), ("EVENTS_SECRET", null)];

    [Fact]
    public async Task The_audit_line_of_a_disconnect_command_in_Production_is_JSON_on_standard_error()
    {
        await using var stage = await StartAsync();

        var (output, errors) = await DisconnectAsync(stage, ("ASPNETCORE_ENVIRONMENT", "Production"));

        Assert.Equal("ann is disconnected; revoked by the provider: no.", output.Trim());
        var line = JsonElement.Parse(AuditLine(errors));
        var state = line.GetProperty("State");
        Assert.True(line.TryGetProperty("Timestamp", out _), $"{line}");
        Assert.Equal(("ann", "command"), (state.GetProperty("UserId").GetString(), state.GetProperty("Actor").GetString()));
    }

    [Fact]
    public async Task The_audit_line_of_a_disconnect_command_in_Development_is_text_that_begins_with_the_time()
    {
        await using var stage = await StartAsync();

        var (output, errors) = await DisconnectAsync(stage);

        Assert.Equal("ann is disconnected; revoked by the provider: no.", output.Trim());
        Assert.Matches(
            @"^\d\d:\d\d:\d\d\.\d{3} info: FathomGateway\.Audit\[5\] User ann was disconnected at 2\S+ by command; revoked by the "
                + @"provider: no\.$",
            AuditLine(errors));
    }

    [Fact]
    public async Task A_disconnect_command_without_EVENTS_URL_says_that_no_event_is_written()
    {
        await using var stage = await StartAsync();

        var (_, errors) = await DisconnectAsync(stage, WithoutEvents);

        Assert.Contains($"{Unset}, and {HasEvents}: ", errors, StringComparison.Ordinal);
        Assert.Equal("connection.connected", (await stage.RowOfAsync("ann")).Type);
    }

    [Fact]
    public async Task A_disconnect_command_without_EVENTS_URL_says_also_beside_an_empty_outbox_that_no_event_is_written()
    {
        await using var stage = await StartAsync(WithoutEvents);

        var (_, errors) = await DisconnectAsync(stage);

        Assert.Contains($"{Unset}, so no event of this disconnect is written.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(HasEvents, errors, StringComparison.Ordinal);
        Assert.Empty(await stage.RowsAsync());
    }

    private static string AuditLine(string errors) =>
        Assert.Single(errors.Split('\n'), line => line.Contains("FathomGateway.Audit", StringComparison.Ordinal));

    private async Task<EventStage> StartAsync(params (string Name, string? Value)[] settings)
    {
        var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite, settings);
        await stage.Gateway.StoreAsync("ann", "access-canary", "refresh-canary");
        return stage;
    }

    /// <param name="changes">To the settings of the gateway that serves.</param>
    private static async Task<(string Output, string Errors)> DisconnectAsync(
        EventStage stage, params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string?> settings = new(stage.Settings);
        foreach (var (name, value) in changes) settings[name] = value;
        var (exitCode, output, errors) = await GatewayProcess.RunAsync(["connections", "disconnect", "ann", "--yes"], settings);
        Assert.True(exitCode == 0, $"{exitCode}: {errors}");
        Assert.DoesNotContain("canary", output + errors, StringComparison.Ordinal);
        return (output, errors);
    }
}
