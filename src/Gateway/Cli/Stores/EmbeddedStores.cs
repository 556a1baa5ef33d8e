using FathomGateway.Settings;

namespace FathomGateway.Cli.Stores;

/// <summary>Keeps commands on the stores from making the stores that they are to work on.</summary>
internal static class EmbeddedStores
{
    /// <summary>Adds a fault where the embedded database is not there: a new file or a new key cannot be the intention.</summary>
    public static void RequireFile(SettingsReader settings, StoreChoice stores)
    {
        if (!stores.TokensAreEmbedded || File.Exists(Path.Combine(stores.DataDirectory, StoreChoice.DatabaseFileName))) return;
        settings.Fault(
            StoreChoice.DataDirectoryName,
            $"holds no {StoreChoice.DatabaseFileName}: run this with the settings, and in the folder, of the gateway itself, or set "
                + $"{StoreChoice.DatabaseUrlName}.");
    }
}
