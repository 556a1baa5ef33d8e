using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox;

/// <summary>The sandbox as a command: prints the page's address once everything runs, then runs until it is stopped.</summary>
internal static class SandboxCommand
{
    /// <summary>Asked to stop, or asked for help.</summary>
    public const int Success = 0;

    /// <summary>A port could not be bound.</summary>
    public const int PortUnavailable = 1;

    /// <summary>EX_USAGE of sysexits.h: the arguments are wrong.</summary>
    public const int WrongUsage = 64;

    /// <summary>Runs until <paramref name="stop"/> is cancelled and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        var line = CommandLine.Parse(args);
        if (line.Help)
            return await ExitAsync(output, CommandLine.Usage, Success);
        if (line.Fault is { } fault)
            return await ExitAsync(errors, fault, WrongUsage);

        try
        {
            await using var sandbox = await SandboxEnvironment.StartAsync(line.Options, stop);
            await output.WriteLineAsync($"Open {sandbox.Dashboard}");
            await output.WriteLineAsync($"Watch each hop, and choose what goes wrong: {sandbox.Show}");
            if (sandbox.ReceiverVariables.Count > 0)
            {
                await output.WriteLineAsync("Start your receiver with these variables, then connect on the page:");
                foreach (var export in sandbox.ReceiverVariables) await output.WriteLineAsync($"  {export}");
            }

            await output.WriteLineAsync("Ctrl+C ends it.");
            await Task.Delay(Timeout.Infinite, stop);
        }
        catch (PortUnavailableException unavailable)
        {
            return await ExitAsync(errors, unavailable.Message, PortUnavailable);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Being stopped is the normal end, at any moment.
        }
        return Success;
    }

    private static async Task<int> ExitAsync(TextWriter writer, string text, int exitCode)
    {
        await writer.WriteLineAsync(text);
        return exitCode;
    }
}
