namespace FathomGateway.Settings;

/// <summary>Which stores are external and which are embedded in the process.</summary>
/// <param name="RedisUrl">The store of states; null for the process's memory.</param>
/// <param name="DatabaseUrl">The store of tokens; null for a SQLite file in <paramref name="DataDirectory"/>.</param>
/// <param name="DataDirectory">Directory of the embedded stores' files.</param>
/// <param name="MayEmbed">Whether a store that is not set may be embedded.</param>
internal sealed record StoreChoice(string? RedisUrl, string? DatabaseUrl, string DataDirectory, bool MayEmbed)
{
    /// <summary>Whether tokens and their encryption key are in <see cref="DataDirectory"/>.</summary>
    public bool TokensAreEmbedded => DatabaseUrl is null && MayEmbed;

    /// <summary>File name of the embedded database in <see cref="DataDirectory"/>.</summary>
    public const string DatabaseFileName = "connections.db";

    public const string RedisUrlName = "REDIS_URL";
    public const string DatabaseUrlName = "DATABASE_URL";
    public const string DataDirectoryName = "DATA_DIR";
    public const string EmbeddedName = "EMBEDDED";
    private const string DefaultDataDirectory = "./data";

    /// <summary>Embedded stores serve one replica, so in Production they must be requested explicitly.</summary>
    public static StoreChoice Read(SettingsReader settings)
    {
        var choice = ReadForTokens(settings);
        if (!choice.MayEmbed)
        {
            settings.Required(
                RedisUrlName, $"states are kept there; or set {EmbeddedName}=true to keep them in this process's memory (one replica).");
        }

        return choice;
    }

    /// <summary>For commands that use only the tokens. Redis need not be set.</summary>
    public static StoreChoice ReadForTokens(SettingsReader settings)
    {
        settings.NoteDefault(RedisUrlName, "embedded");
        settings.NoteDefault(DatabaseUrlName, "embedded");
        var choice = new StoreChoice(
            settings.Optional(RedisUrlName),
            settings.Optional(DatabaseUrlName),
            settings.Optional(DataDirectoryName, DefaultDataDirectory),
            MayEmbed: settings.Flag(EmbeddedName, fallback: !settings.IsProduction));
        if (choice.DatabaseUrl is not null && settings.OriginOf(DataDirectoryName) is not null)
        {
            settings.Warn(DataDirectoryName, $"has no effect, because {DatabaseUrlName} is set: the folder is for the embedded store "
                + "alone.");
        }

        if (!choice.MayEmbed)
        {
            settings.Required(
                DatabaseUrlName,
                $"tokens are kept there; or set {EmbeddedName}=true to keep them in a file under {DataDirectoryName} (one replica).");
        }

        return choice;
    }
}
