using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens;
using FathomGateway.Tests.Tokens.Pending;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary><c>gateway connections disconnect</c>, which asks on a terminal.</summary>
[Trait("Speed", "Slow")]
public sealed class DisconnectCommandTests(RealStores stores)
{
    private const string Question = "Disconnect ann, connected since", Logged = "User ann was disconnected at";

    [Theory]
    [InlineData("n")]
    [InlineData("")]
    public async Task A_disconnect_that_is_not_confirmed_on_a_terminal_does_nothing_and_ends_with_1(string answer)
    {
        await using var stage = await StartAsync();

        var (exitCode, output) = await RunOnTerminalAsync(stage.Settings, "ann", answer);

        Assert.True(exitCode == 1, $"{exitCode}: {output}");
        Assert.Contains(Question, output, StringComparison.Ordinal);
        Assert.Contains("[y/N]", output, StringComparison.Ordinal);
        Assert.Contains("Nothing was done.", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Logged, output, StringComparison.Ordinal);
        Assert.NotNull(await stage.Stage.ConnectionAsync("ann"));
    }

    [Fact]
    public async Task A_disconnect_that_is_confirmed_on_a_terminal_is_done_and_in_the_audit_log()
    {
        await using var stage = await StartAsync();

        var (exitCode, output) = await RunOnTerminalAsync(stage.Settings, "ann", "y");

        Assert.True(exitCode == 0, $"{exitCode}: {output}");
        Assert.Contains(Question, output, StringComparison.Ordinal);
        Assert.Contains("ann is disconnected; revoked by the provider: no.", output, StringComparison.Ordinal);
        Assert.Matches($@"{Logged} 2\S+ by command; revoked by the provider: no\.", output);
        Assert.Null(await stage.Stage.ConnectionAsync("ann"));
    }

    [Fact]
    public async Task A_disconnect_whose_input_is_redirected_does_not_ask()
    {
        await using var stage = await StartAsync();

        // The output is the terminal. The input says no, and is not read.
        var (exitCode, output) = await RunOnTerminalAsync(stage.Settings, "ann", "n", "< '{answer}'");

        Assert.True(exitCode == 0, $"{exitCode}: {output}");
        Assert.DoesNotContain(Question, output, StringComparison.Ordinal);
        Assert.Contains(Logged, output, StringComparison.Ordinal);
        Assert.Null(await stage.Stage.ConnectionAsync("ann"));
    }

    [Fact]
    public async Task The_question_of_a_disconnect_is_on_the_terminal_where_standard_output_is_a_file()
    {
        await using var stage = await StartAsync();
        var file = Path.Combine(TempFolder.Create("output"), "log");

        var (exitCode, shown) = await RunOnTerminalAsync(stage.Settings, "ann", "y", $"> '{file}'");

        Assert.True(exitCode == 0, $"{exitCode}: {shown}");
        Assert.Contains(Question, shown, StringComparison.Ordinal);
        Assert.Equal("ann is disconnected; revoked by the provider: no.\n", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_disconnect_of_a_user_whose_tokens_wait_in_Redis_asks_on_a_terminal()
    {
        var settings = TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync());
        // A gateway that runs would store the tokens.
        using var host = Program.Build(TestSettings.Configuration(settings));
        var user = Some.User(Fresh.User());
        var access = host.Services.GetRequiredService<TokenCipher>().Seal("access-canary", user, TokenColumn.AccessToken);
        var waiting = host.Services.GetRequiredService<PendingTokenStore>();
        await PendingTokensStage.PutAsync(waiting, ConnectionRows.Issued(user, access));

        var (exitCode, output) = await RunOnTerminalAsync(settings, user.Value, "n");

        Assert.True(exitCode == 1, $"{exitCode}: {output}");
        Assert.Contains($"Disconnect {user}, whose tokens wait in Redis?", output, StringComparison.Ordinal);
        Assert.Single(await waiting.ListAsync(user));
        (exitCode, output) = await RunOnTerminalAsync(settings, user.Value, "y");
        Assert.True(exitCode == 0, $"{exitCode}: {output}");
        Assert.Empty(await waiting.ListAsync(user));
    }

    private async Task<EventStage> StartAsync()
    {
        var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        await stage.Gateway.StoreAsync("ann", "access-canary", "refresh-canary");
        return stage;
    }

    private static Task<(int ExitCode, string Output)> RunOnTerminalAsync(
        Dictionary<string, string?> settings, string user, string answer, string redirection = "") =>
        CommandOnTerminal.RunAsync(settings, $"connections disconnect {user}", answer, redirection);
}
