using DbUp.Builder;

namespace FathomGateway.Tokens.Schema;

/// <summary>Brings a database to the schema of this release by the numbered scripts of this folder, each run once and recorded.</summary>
internal static class SchemaScripts
{
    /// <summary>The table that says which scripts have run.</summary>
    public const string JournalTable = "fathom_schema";

    /// <summary>Folder of the scripts for one kind of database.</summary>
    public const string PostgresFolder = "Postgres", SqliteFolder = "Sqlite";

    /// <summary>How many scripts this release has for a kind of database.</summary>
    public static int Count(string folder) =>
        typeof(SchemaScripts).Assembly.GetManifestResourceNames().Count(name => name.StartsWith(Prefix(folder), StringComparison.Ordinal));

    /// <param name="folder">Folder of the scripts under <c>Tokens/Schema</c>.</param>
    /// <exception cref="ConnectionStoreUnavailableException">A script could not be run.</exception>
    public static async Task RunAsync(UpgradeEngineBuilder engine, string folder)
    {
        var upgrade = engine
            .WithScriptsEmbeddedInAssembly(
                typeof(SchemaScripts).Assembly, name => name.StartsWith(Prefix(folder), StringComparison.Ordinal))
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build();
        // The migration library is synchronous.
        var result = await Task.Run(upgrade.PerformUpgrade);
        if (result.Successful) return;
        var where = result.ErrorScript?.Name ?? "before the first script";
        throw new ConnectionStoreUnavailableException($"The database schema could not be brought up to date ({where}).", result.Error);
    }

    private static string Prefix(string folder) => $"{typeof(SchemaScripts).Namespace}.{folder}.";
}
