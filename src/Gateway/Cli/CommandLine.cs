using FathomGateway.Cli.Doctor;
using FathomGateway.Cli.Output;
using FathomGateway.Cli.Stores;
using FathomGateway.Hosting;
using FathomGateway.Hosting.Logging;
using FathomGateway.Keys;
using FathomGateway.Settings;

namespace FathomGateway.Cli;

/// <summary>Parses the command line. Without arguments the gateway serves.</summary>
internal static class CommandLine
{
    /// <summary>Exit codes from 64 on follow BSD's sysexits.h.</summary>
    private const int StartError = 1, UsageError = 64, ConfigurationError = 78;

    /// <summary>The code that a shell reports for a program that SIGPIPE ends: 128 and the signal's number.</summary>
    private const int ClosedPipe = 141;

    /// <param name="configuration">Loads the configuration.</param>
    /// <param name="build">Builds the gateway from the configuration. To serve, it runs until the process is asked to stop.</param>
    /// <returns>The exit code: 0; 1 where a command could not do everything; 64 for wrong arguments; 78 for an unusable configuration or an
    /// unavailable port; 141 where the reader of a command's output has ended.</returns>
    public static async Task<int> RunAsync(
        string[] args, Func<IConfiguration> configuration, Func<IConfiguration, Action<ILoggingBuilder>?, IHost> build)
    {
        if (args.Length == 0)
        {
            LoggingSetup.WriteWholeLines();
            return await ExitCodeAsync(StartupFailure.CannotStart, () => ServeAsync(build(configuration(), null)));
        }

        return await ExitCodeAsync(
            "The command failed",
            () =>
            {
                CommandOutput.FailOnClosedPipe();
                return RunCommandAsync(args, configuration, build);
            });
    }

    private static async Task<int> RunCommandAsync(
        string[] args, Func<IConfiguration> configuration, Func<IConfiguration, Action<ILoggingBuilder>?, IHost> build)
    {
        switch (args)
        {
            case ["health"]:
                return await HealthCommand.RunAsync();
            case ["keys", "new"]:
                Console.Out.WriteLine(KeyRing.NewEntry());
                return 0;
            case ["keys", "reencrypt"]:
                return await ReencryptCommand.RunAsync(new SettingsReader(configuration()));
            case ["doctor", "--jwt", "-"] or ["doctor", "--jwt", "-", "--json"] or ["doctor", "--json", "--jwt", "-"]:
                return await DoctorJwtCommand.RunAsync(configuration, json: args.Length > 3);
            case ["doctor", .. var flags] when flags.All(flag => flag is "--json" or "--send-event"):
                return await DoctorCommand.RunAsync(
                    configuration,
                    read => build(read, logging => logging.ClearProviders()),
                    json: flags.Contains("--json"),
                    sendsEvent: flags.Contains("--send-event"));
            case ["connections" or "events", ..] when StoreCommandArguments.Parse(args) is { } work:
                return await StoreCommand.RunAsync(configuration(), build, work);
            case ["--help" or "-h" or "help", ..] or [.., "--help" or "-h"]:
                Console.Out.WriteLine(HelpText.For(args));
                return 0;
            case ["--version"]:
                Console.Out.WriteLine(ProductInfo.Description);
                return 0;
            default:
                await Console.Error.WriteLineAsync(WrongArguments.Explain(args));
                return UsageError;
        }
    }

    private static async Task<int> ServeAsync(IHost host)
    {
        await using var _ = (IAsyncDisposable)host;
        try
        {
            await host.StartAsync();
        }
        catch
        {
            // Stop the started services at once. If they were only disposed, the host would log them as failed, with stack traces.
            await host.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await host.WaitForShutdownAsync();
        return 0;
    }

    /// <param name="what">The beginning of the message about a failure.</param>
    private static async Task<int> ExitCodeAsync(string what, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception failure) when (CommandOutput.IsClosedPipe(failure))
        {
            return ClosedPipe;
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync(StartupFailure.Summary(failure, what));
            return StartupFailure.IsConfiguration(failure) ? ConfigurationError : StartError;
        }
    }
}
