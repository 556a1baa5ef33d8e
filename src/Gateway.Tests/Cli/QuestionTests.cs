using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>A command that waits for an answer on a terminal, which <c>script</c> gives it.</summary>
[Trait("Speed", "Slow")]
public sealed class QuestionTests(RealStores stores)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>A terminal whose input stays open: only the signal can end the command.</summary>
    [Fact]
    public async Task CtrlC_at_the_question_of_a_disconnect_ends_the_command_and_nothing_is_done()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        await stage.Gateway.StoreAsync("ann", "access-canary", "refresh-canary");
        var folder = TempFolder.Create("terminal");
        var (input, screen) = (Path.Combine(folder, "input"), Path.Combine(folder, "screen"));
        await using var command = GatewayCommand.Start(
            ["-qfec", $"exec {GatewayCommand.ShellWords} connections disconnect ann", screen], stage.Settings,
            $"mkfifo '{input}'; exec <> '{input}'",
            // A shell that starts the tests in the background has them ignore SIGINT, and so all that they start.
            program: ["env", "--default-signal=INT", Programs.Find("script", "apt-get install bsdutils")]);
        await Eventually.BecomesTrueAsync(
            () => File.ReadAllText(screen).Contains("[y/N]", StringComparison.Ordinal), Limit, "the command asks");

        await ChildProcess.RunAsync("sh", "-c", "printf '\\003' > \"$0\"", input);

        var (exitCode, shown) = (await command.ExitCodeAsync(Limit), await File.ReadAllTextAsync(screen));
        Assert.True(exitCode == 1, $"{exitCode}: {shown}");
        Assert.Contains("Nothing was done.", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("under way", shown, StringComparison.Ordinal);
        Assert.NotNull(await stage.Stage.ConnectionAsync("ann"));
    }
}
