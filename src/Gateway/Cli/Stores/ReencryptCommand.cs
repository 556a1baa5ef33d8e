using FathomGateway.Cli.Output;
using FathomGateway.Keys;
using FathomGateway.Settings;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Schema;

namespace FathomGateway.Cli.Stores;

/// <summary>
/// <c>gateway keys reencrypt</c>: encrypts every row with the first key, also while gateways serve. Needs only the database and the keys.
/// </summary>
internal static class ReencryptCommand
{
    private const int Done = 0, NotDone = 1;

    /// <returns>0 when every row uses the first key, else 1.</returns>
    /// <exception cref="SettingsException">Database or keys are not configured correctly.</exception>
    public static async Task<int> RunAsync(SettingsReader settings)
    {
        await using var services = Build(settings);
        using var signals = new StopSignals();
        var count = new ReencryptionCount();
        var pace = new ProgressPace(watched: !Console.IsErrorRedirected, TimeProvider.System);
        var progress = new ReencryptionProgress(count, Console.Error, pace);
        var failure = await RunAsync(services, count, progress, signals.Token);

        ReencryptionReport.Write(Console.Out, count, services.GetRequiredService<KeyRing>());
        var remedies = ReencryptionReport.Remedies(count).Prepend(failure).OfType<string>().ToArray();
        foreach (var remedy in remedies) await Console.Error.WriteLineAsync(remedy);
        return remedies.Length == 0 ? Done : NotDone;
    }

    /// <returns>The reason why the command stopped early, or null.</returns>
    private static async Task<string?> RunAsync(
        IServiceProvider services, ReencryptionCount count, ReencryptionProgress progress, CancellationToken stop)
    {
        try
        {
            await services.GetRequiredService<SchemaReadiness>().EnsureAsync(SchemaReadiness.OperatorTimeout, stop);
            await services.GetRequiredService<Reencryption>().RunAsync(count, progress.RowProcessed, stop);
            return null;
        }
        catch (OperationCanceledException)
        {
            return "Stopped before the end. Moved rows stay moved. Run this again to continue.";
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            return $"{failure.Message} {failure.InnerException?.Message}\nMoved rows stay moved. Check {StoreChoice.DatabaseUrlName} "
                + "and the database, then run this again.";
        }
    }

    private static ServiceProvider Build(SettingsReader settings)
    {
        var stores = StoreChoice.ReadForTokens(settings);
        EmbeddedStores.RequireFile(settings, stores);
        var services = new ServiceCollection().AddLogging().AddTokens(settings, stores).AddKeys(settings, stores);
        settings.ThrowIfFaulty();
        return services.BuildServiceProvider();
    }
}
