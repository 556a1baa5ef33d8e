using FathomGateway.Settings;

namespace FathomGateway.Keys;

/// <summary>The key ring: from the configuration, or generated on the first start where tokens are kept in the embedded store.</summary>
internal static class KeysFeature
{
    public const string KeysName = "TOKEN_ENCRYPTION_KEYS";

    /// <summary>Called after all other settings are read: it may write a file, which a start that fails must not.</summary>
    public static IServiceCollection AddKeys(this IServiceCollection services, SettingsReader settings, StoreChoice stores)
    {
        if (Read(settings, stores) is { } ring) services.AddSingleton(ring);
        return services;
    }

    private static KeyRing? Read(SettingsReader settings, StoreChoice stores)
    {
        if (stores.TokensAreEmbedded) settings.NoteDefault(KeysName, "set", $"a file in {StoreChoice.DataDirectoryName}");
        if (settings.Optional(KeysName) is { } text) return KeyRing.Parse(text, KeysName, settings);
        if (stores.TokensAreEmbedded) return settings.HasFaults ? null : FromFile(settings, stores.DataDirectory);
        settings.Required(
            KeysName,
            "the tokens are encrypted with it; `gateway keys new` prints an entry; EMBEDDED=true without DATABASE_URL makes one itself.");
        return null;
    }

    private static KeyRing? FromFile(SettingsReader settings, string directory)
    {
        // A new key would not open the stored tokens.
        if (!File.Exists(Path.Combine(directory, KeyFile.Name)) && File.Exists(Path.Combine(directory, StoreChoice.DatabaseFileName)))
        {
            settings.Fault(
                StoreChoice.DataDirectoryName,
                $"holds {StoreChoice.DatabaseFileName} and not the file `{KeyFile.Name}` that its tokens are encrypted with: put "
                    + $"that file back (or its text into {KeysName}), or remove {StoreChoice.DatabaseFileName}, "
                    + "and every user connects again.");
            return null;
        }

        try
        {
            var text = KeyFile.ReadOrCreate(directory);
            if (PrivateDirectory.IsOpenToOthers(Path.Combine(directory, KeyFile.Name)))
            {
                settings.Warn(
                    $"The file `{KeyFile.Name}` in {StoreChoice.DataDirectoryName} opens every stored token, and others than its owner may "
                    + "read or write it: chmod 600 it.");
            }

            return KeyRing.Parse(text, StoreChoice.DataDirectoryName, settings);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            settings.Fault(
                StoreChoice.DataDirectoryName,
                "is a folder in which no key can be kept: choose one that the gateway may write to, on a disk with free space.");
            return null;
        }
    }
}
