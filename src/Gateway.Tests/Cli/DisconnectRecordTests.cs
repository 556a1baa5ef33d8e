using System.Text.Json;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>What <c>gateway connections disconnect</c> leaves on record.</summary>
[Trait("Speed", "Slow")]
public sealed class DisconnectRecordTests(RealStores stores)
{
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

    private static string AuditLine(string errors) =>
        Assert.Single(errors.Split('\n'), line => line.Contains("FathomGateway.Audit", StringComparison.Ordinal));

    private async Task<EventStage> StartAsync()
    {
        var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
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
