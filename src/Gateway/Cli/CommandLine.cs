using System.Net.Sockets;
using FathomGateway.Keys;
using FathomGateway.Settings;

namespace FathomGateway.Cli;

/// <summary>The command line: without arguments the gateway serves.</summary>
internal static class CommandLine
{
    /// <summary>Exit codes 64 and above as in BSD's sysexits.h.</summary>
    private const int StartError = 1, UsageError = 64, ConfigurationError = 78;

    private const string Help = """
        FathomGateway: adds "Connect Fathom" to an app, in front of its existing backend.

        Usage:
          gateway             serve; configured by environment variables (see README)
          gateway keys new    print a new entry for TOKEN_ENCRYPTION_KEYS
          gateway health      ask the gateway on this machine whether it is live (exit code 0 or 1)
          gateway --help      print this
          gateway --version   print the version
        """;

    /// <param name="serve">Serves until the process is asked to stop.</param>
    /// <returns>The process's exit code: 0, 1 for a port that cannot be had, 64 for wrong arguments, 78 for a configuration that cannot be used.</returns>
    public static async Task<int> RunAsync(string[] args, Func<Task> serve)
    {
        switch (args)
        {
            case []:
                return await ServeAsync(serve);
            case ["health"]:
                return await HealthCommand.RunAsync();
            case ["keys", "new"]:
                Console.Out.WriteLine(KeyRing.NewEntry());
                return 0;
            case ["--help" or "-h" or "help"]:
                Console.Out.WriteLine(Help);
                return 0;
            case ["--version"]:
                Console.Out.WriteLine(typeof(CommandLine).Assembly.GetName().Version!.ToString(3));
                return 0;
            default:
                await Console.Error.WriteLineAsync($"Unknown arguments.\n\n{Help}");
                return UsageError;
        }
    }

    private static async Task<int> ServeAsync(Func<Task> serve)
    {
        try
        {
            await serve();
            return 0;
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
