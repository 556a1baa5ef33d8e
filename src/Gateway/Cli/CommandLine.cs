using System.Net.Sockets;
using FathomGateway.Keys;
using FathomGateway.Settings;

namespace FathomGateway.Cli;

/// <summary>The command line: without arguments the gateway serves.</summary>
internal static class CommandLine
{
    /// <summary>Exit codes 64 and above as in BSD's sysexits.h.</summary>
    private const int StartError = 1, UsageError = 64, ConfigurationError = 78;

    /// <param name="configuration">Loads the configuration.</param>
    /// <param name="build">Builds the gateway from it; to serve, it is run until the process is asked to stop.</param>
    /// <returns>The process's exit code: 0, 1 for a port that cannot be had or a command that could not do all, 64 for wrong arguments, 78 for a configuration that cannot be used.</returns>
    public static async Task<int> RunAsync(string[] args, Func<IConfiguration> configuration, Func<IConfiguration, Action<ILoggingBuilder>?, IHost> build)
    {
        switch (args)
        {
            case []:
                return await ExitCodeAsync(async () =>
                {
                    await build(configuration(), null).RunAsync();
                    return 0;
                });
            case ["health"]:
                return await HealthCommand.RunAsync();
            case ["keys", "new"]:
                Console.Out.WriteLine(KeyRing.NewEntry());
                return 0;
            case ["keys", "reencrypt"]:
                return await ExitCodeAsync(() => ReencryptCommand.RunAsync(new SettingsReader(configuration())));
            case ["doctor"] or ["doctor", "--json"]:
                return await DoctorCommand.RunAsync(configuration, read => build(read, logging => logging.ClearProviders()), json: args.Length > 1);
            case ["--help" or "-h" or "help", ..] or [.., "--help" or "-h"]:
                Console.Out.WriteLine(Help.For(args));
                return 0;
            case ["--version"]:
                Console.Out.WriteLine(typeof(CommandLine).Assembly.GetName().Version!.ToString(3));
                return 0;
            default:
                await Console.Error.WriteLineAsync(Help.Unknown(args));
                return UsageError;
        }
    }

    private static async Task<int> ExitCodeAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (SettingsException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return ConfigurationError;
        }
        catch (Exception failure) when (failure is InvalidDataException or FormatException or InvalidOperationException)
        {
            // Kestrel's, YARP's and the loggers' own sections, and files that are no JSON.
            await Console.Error.WriteLineAsync($"The gateway cannot start: {failure.Message}");
            return ConfigurationError;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            // A port that is taken, or that only root may bind.
            await Console.Error.WriteLineAsync($"The gateway cannot start: {failure.Message}");
            return StartError;
        }
    }
}
