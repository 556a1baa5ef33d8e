using FathomGateway.Keys;
using FathomGateway.Settings;
using FathomGateway.Tokens.Schema;

namespace FathomGateway.Tokens.Encryption;

/// <summary>
/// Checks at the start whether connections are encrypted with keys that are not set. Their users have to connect again unless the key is
/// set again. In embedded mode the key is beside the database, and the gateway does not start if it can open no connection.
/// </summary>
/// <param name="embeddedSettings">The settings, where the database is the embedded one and may hold connections; else null.</param>
internal sealed partial class UnreadableRows(
    ConnectionStore store, SchemaReadiness schema, KeyRing ring, SettingsReader? embeddedSettings, ILogger<UnreadableRows> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>The result of the count at the start of the embedded mode.</summary>
    private (long All, long Unreadable)? _counted;

    /// <exception cref="SettingsException">No connection can be decrypted.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (embeddedSettings is not null
            && (_counted = await CountAsync(cancellationToken)) is { Unreadable: > 0 and var unreadable, All: var all }
            && unreadable == all)
        {
            throw new SettingsException(
                [new SettingFault(
                    KeysFeature.KeysName,
                    $"holds no key that opens the {all} connections in {StoreChoice.DataDirectoryName}: put back the key that sealed them, "
                        + $"or remove {StoreChoice.DatabaseFileName} there, and every user connects again.")],
                embeddedSettings);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if ((_counted ?? await CountAsync(stoppingToken)) is { } count)
            {
                if (count.Unreadable > 0) Unreadable(log, count.Unreadable, count.All);
                return;
            }

            await Task.Delay(Pause, stoppingToken);
        }
    }

    /// <returns>Null while the database does not answer.</returns>
    private async Task<(long All, long Unreadable)?> CountAsync(CancellationToken cancel)
    {
        try
        {
            await schema.EnsureAsync(cancel);
            return await store.CountSealedWithOtherAsync(ring.Keys, cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            // Any exception: proxying goes on, and other uses of the database log the outage.
            NotCounted(log, failure);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "It is not known yet whether every connection can be decrypted.")]
    private static partial void NotCounted(ILogger log, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Unreadable} of {All} connections are sealed with a key that is not in TOKEN_ENCRYPTION_KEYS: put it back, "
            + "or these users have to connect again. `gateway doctor` names the keys.")]
    private static partial void Unreadable(ILogger log, long unreadable, long all);
}
