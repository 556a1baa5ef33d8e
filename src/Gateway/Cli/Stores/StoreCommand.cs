using FathomGateway.Audit;
using FathomGateway.Settings;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Tokens.Schema;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace FathomGateway.Cli.Stores;

/// <summary>The common part of commands on the stores: builds the gateway from its settings without starting it.</summary>
internal static class StoreCommand
{
    public const int Done = 0, NotDone = 1;

    /// <param name="work">Gets the gateway's services and returns the exit code.</param>
    /// <exception cref="SettingsException">The settings are unusable.</exception>
    public static async Task<int> RunAsync(
        IConfiguration configuration,
        Func<IConfiguration, Action<ILoggingBuilder>?, IHost> build,
        Func<IServiceProvider, StopSignals, Task<int>> work)
    {
        RequireEmbeddedStores(new SettingsReader(configuration));
        using var signals = new StopSignals();
        var host = build(configuration, LogToErrors);
        await using var _ = (IAsyncDisposable)host;
        try
        {
            await host.Services.GetRequiredService<SchemaReadiness>().EnsureAsync(SchemaReadiness.OperatorTimeout, signals.Token);
            return await work(host.Services, signals);
        }
        catch (OperationCanceledException)
        {
            return NotDone;
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            await Console.Error.WriteLineAsync($"{failure.Message} {failure.InnerException?.Message}");
            await Console.Error.WriteLineAsync(
                $"Check {StoreChoice.DatabaseUrlName}: `gateway doctor` says what to fix.");
            return NotDone;
        }
        finally
        {
            await FinishAsync(host.Services);
        }
    }

    /// <summary>The process is not started, so nothing else waits for a disconnect that the database has not answered yet.</summary>
    private static async Task FinishAsync(IServiceProvider services)
    {
        using var limit = new CancellationTokenSource(services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
        await services.GetRequiredService<InFlightWork>().StoppedAsync(limit.Token);
    }

    /// <summary>Building the gateway makes the embedded stores. It reports the other faults of the settings itself.</summary>
    private static void RequireEmbeddedStores(SettingsReader settings)
    {
        var stores = StoreChoice.ReadForTokens(settings);
        if (settings.HasFaults) return;
        EmbeddedStores.RequireFile(settings, stores);
        settings.ThrowIfFaulty();
    }

    /// <summary>
    /// Logs to standard error, because standard output belongs to the command. The audit log records the command's changes. The console is
    /// the service's own, so what reads the log of the service reads these lines, too.
    /// </summary>
    private static void LogToErrors(ILoggingBuilder logging)
    {
        logging.AddFilter((category, level) => level >= LogLevel.Warning || category == AuditLog.Category);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
