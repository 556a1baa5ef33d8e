using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>Commands whose standard output takes nothing.</summary>
[Trait("Speed", "Slow")]
public sealed class CommandOutputTests(RealStores stores)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Runs a command on a non-blocking pipe of the least size, and reads only when the pipe may have no room for a further piece. 1031
    /// is F_SETPIPE_SZ of Linux.
    /// </summary>
    private const string SlowReader = """
        import fcntl, os, struct, subprocess, sys, termios, time

        reader, writer = os.pipe()
        fcntl.fcntl(writer, 1031, 4096)
        os.set_blocking(writer, False)
        command = subprocess.Popen(sys.argv[1:], stdout=writer)
        os.close(writer)
        while True:
            while command.poll() is None and struct.unpack("i", fcntl.ioctl(reader, termios.FIONREAD, bytes(4)))[0] < 4096 - 512:
                time.sleep(0.01)
            piece = os.read(reader, 4096)
            if not piece:
                break
            sys.stdout.buffer.write(piece)
        sys.exit(command.wait())
        """;

    /// <summary>The reader has ended before the command begins, as <c>head -1</c> has in the middle of a long list.</summary>
    [Theory]
    [InlineData("connections", "list")]
    [InlineData("connections", "list", "--json")]
    [InlineData("events", "list")]
    [InlineData("keys", "new")]
    [InlineData("--help")]
    public async Task A_command_whose_reader_has_ended_ends_quietly_with_141(params string[] arguments)
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        var pipe = Path.Combine(TempFolder.Create("pipe"), "pipe");
        await using var command = GatewayCommand.Start(
            arguments, stage.Settings, $"mkfifo '{pipe}'; exec 3<> '{pipe}' 4> '{pipe}' 3<&-", redirection: ">&4");

        var exitCode = await command.ExitCodeAsync(Limit);

        Assert.True(exitCode == 141, $"{exitCode}: {command.Errors}");
        Assert.DoesNotContain("failed", command.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_whose_output_is_a_non_blocking_pipe_waits_for_a_slow_reader()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite, ("EVENTS_URL", null), ("EVENTS_SECRET", null));
        await stage.WriteAsync(1_000, 10);
        string[] list = ["events", "list"];
        await using var plain = GatewayCommand.Start(list, stage.Settings);
        Assert.Equal(0, await plain.ExitCodeAsync(Limit));

        await using var command = GatewayCommand.Start(
            list, stage.Settings, program: ["python3", "-c", SlowReader, .. GatewayCommand.Program]);

        var exitCode = await command.ExitCodeAsync(Limit);
        Assert.True(exitCode == 0, $"{exitCode}: {command.Errors}");
        Assert.InRange(plain.Output.Length, 10 * 4096, int.MaxValue);
        Assert.Equal(plain.Output, command.Output);
    }

    [Theory]
    [InlineData("connections", "list")]
    [InlineData("events", "list", "--json")]
    [InlineData("keys", "new")]
    public async Task A_command_whose_output_is_full_says_that_the_command_failed(params string[] arguments)
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        await using var command = GatewayCommand.Start(arguments, stage.Settings, redirection: "> /dev/full");

        var exitCode = await command.ExitCodeAsync(Limit);

        Assert.True(exitCode == 1, $"{exitCode}: {command.Errors}");
        Assert.Contains("The command failed: No space left on device", command.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot start", command.Errors, StringComparison.Ordinal);
    }
}
