using System.Text.RegularExpressions;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Cli;

[Trait("Speed", "Slow")]
public sealed class CommandLineTests
{
    private static readonly Dictionary<string, string?> Nothing = [];

    [Fact]
    public async Task A_start_with_wrong_settings_ends_with_78_and_one_message()
    {
        var (exitCode, output, errors) =
            await GatewayProcess.RunAsync([], TestSettings.Embedded(("JWT_SECRET", "my-secret"), ("PORT", "x")));

        Assert.Equal((78, ""), (exitCode, output));
        Assert.Contains("2 settings", errors, StringComparison.Ordinal);
        Assert.Contains("JWT_SECRET", errors, StringComparison.Ordinal);
        Assert.Contains("PORT", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("my-secret", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kestrel__Endpoints__X__Url", "nonsense")]
    [InlineData("Logging__LogLevel__Default", "Foo")]
    public async Task Wrong_settings_of_the_framework_end_the_start_without_a_stack_trace(string name, string value)
    {
        var (exitCode, _, errors) = await GatewayProcess.RunAsync([], TestSettings.Embedded((name, value)));

        Assert.Equal(78, exitCode);
        Assert.StartsWith("The gateway cannot start: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_new_prints_an_entry_that_the_gateway_takes()
    {
        var (exitCode, output, _) = await GatewayProcess.RunAsync(["keys", "new"], Nothing);
        Assert.Equal(0, exitCode);

        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("TOKEN_ENCRYPTION_KEYS", output.Trim())));
    }

    [Theory]
    [InlineData("--help", "gateway keys new")]
    [InlineData("--help", "gateway keys reencrypt")]
    [InlineData("help doctor", "gateway doctor [--json] [--send-event]")]
    [InlineData("doctor --help", "gateway doctor [--json] [--send-event]")]
    [InlineData("keys -h", "may be stopped and run again")]
    [InlineData("health --help", "/health/live")]
    public async Task Help_lists_the_commands_and_their_options(string arguments, string expected)
    {
        var (exitCode, output, _) = await GatewayProcess.RunAsync(arguments.Split(' '), Nothing);

        Assert.Equal(0, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_printed_with_the_commit_that_was_built()
    {
        var (exitCode, output, _) = await GatewayProcess.RunAsync(["--version"], Nothing);

        Assert.Equal(0, exitCode);
        // Sources without their history have no commit.
        var commit = Path.Exists(Path.Combine(Conventions.Repository.Root, ".git")) ? "[0-9a-f]{40}" : "unknown";
        Assert.Matches($@"^gateway {Regex.Escape(Releases.ReleaseCopy.Version)} \(commit {commit}\)\n?$", output);
    }

    [Theory]
    [InlineData("--prot 80", "Unknown command.", "Usage:")]
    [InlineData("docter", "Unknown command.", "Usage:")]
    [InlineData("keys", "gateway keys takes new or reencrypt.", "gateway keys new")]
    [InlineData("doctor --jsn", "gateway doctor takes --json", "gateway doctor [--json] [--send-event]")]
    [InlineData("connections list --status lost", "list takes --json, and --status with connected or reconnect_required", "USER")]
    [InlineData("connections list --status=connected", "list takes --json, and --status with connected or", "USER")]
    [InlineData("connections show", "gateway connections show takes --json, and one USER of at most 255 bytes", "USER")]
    [InlineData("events list --status lost", "list takes --json, and --status with waiting, delivered or rested", "rested]")]
    [InlineData("events redeliver", "gateway events redeliver takes one or more IDs", "ID")]
    [InlineData("events redeliver --status waiting", "has them, or --status rested with or without --yes", "ID")]
    public async Task An_unknown_argument_is_an_error_with_what_the_command_takes_and_its_usage(
        string arguments, string fault, string usage)
    {
        var (exitCode, _, errors) = await GatewayProcess.RunAsync(arguments.Split(' '), Nothing);

        Assert.Equal(64, exitCode);
        var lines = errors.Split('\n', 2);
        Assert.Contains(fault, lines[0], StringComparison.Ordinal);
        Assert.Contains(usage, lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doctor", "canary")]
    [InlineData("keys", "reencrypt", "k1:canary")]
    [InlineData("connections", "list", "--canary")]
    [InlineData("connections", "show", "ann", "canary")]
    [InlineData("canary")]
    public async Task An_argument_that_may_be_a_secret_is_not_repeated(params string[] arguments)
    {
        var (exitCode, output, errors) = await GatewayProcess.RunAsync(arguments, Nothing);

        Assert.Equal(64, exitCode);
        Assert.DoesNotContain("canary", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_gateway_exits_with_0_on_SIGTERM()
    {
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded());

        Assert.Equal(0, await gateway.TerminateAsync());
    }
}
