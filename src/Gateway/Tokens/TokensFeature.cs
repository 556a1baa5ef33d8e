using FathomGateway.Keys;
using FathomGateway.Settings;
using FathomGateway.Settings.Registration;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.ConnectionStrings;
using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Tokens.Schema;

namespace FathomGateway.Tokens;

/// <summary>Stores connections, encrypted, in PostgreSQL or in a SQLite file.</summary>
internal static class TokensFeature
{
    /// <summary>Name of the health check. While it fails, no connection can be stored or read.</summary>
    public const string HealthCheckName = "store";

    public static IServiceCollection AddTokens(this IServiceCollection services, SettingsReader settings, StoreChoice stores)
    {
        services.AddSingleton<TokenCipher>();
        services.AddSingleton<ConnectionStore>();
        services.AddSingleton<ConnectionList>();
        services.AddSingleton<TokenCallStore>();
        services.AddSingleton<ConnectionWriter>();
        services.AddRefresh();
        services.AddPendingTokens();
        services.AddSingleton<GrantRevocation>();
        services.AddSingleton<Disconnection>();
        services.AddSingleton<Reencryption>();
        services.AddHostedServiceAfterStart<ConnectionGauge>();
        services.AddHostedServiceAfterStart<StoreSweep>();
        services.AddHostedService(provider => new UnreadableRows(
            provider.GetRequiredService<ConnectionStore>(),
            provider.GetRequiredService<SchemaReadiness>(),
            provider.GetRequiredService<KeyRing>(),
            // A missing file holds no connection, so the start does not wait for its creation.
            stores.DatabaseUrl is null && File.Exists(Path.Combine(stores.DataDirectory, StoreChoice.DatabaseFileName)) ? settings : null,
            provider.GetRequiredService<ILogger<UnreadableRows>>()));
        services.AddHealthChecks().AddCheck<ConnectionStoreHealthCheck>(HealthCheckName);
        var limit = TokenBudgetSetting.Read(settings);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TokenBudget>(provider, limit));
        if (stores.DatabaseUrl is null) return services.AddSqlite(stores.DataDirectory);
        return PostgresConnectionString.Read(settings, stores.DatabaseUrl) is { } connectionString
            ? services.AddPostgres(connectionString)
            : services;
    }

    private static void AddRefresh(this IServiceCollection services)
    {
        services.AddSingleton<FreshAccessToken>();
        services.AddSingleton<StoredAccessToken>();
        services.AddSingleton<LeasedRefresh>();
        services.AddSingleton<InFlightWork>();
        services.AddHostedService(provider => provider.GetRequiredService<InFlightWork>());
    }

    private static void AddPendingTokens(this IServiceCollection services)
    {
        services.AddSingleton<PendingTokenStore>();
        services.AddSingleton<PendingTokens>();
        services.AddSingleton<PendingTokenDrain>();
        services.AddHostedServiceAfterStart<PendingTokenService>();
    }

    private static IServiceCollection AddPostgres(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(provider => new PostgresHosts(connectionString, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSchema(provider => () => PostgresMigration.MigrateAsync(provider.GetRequiredService<PostgresHosts>()));
        return services.AddSingleton<Database, PostgresDatabase>();
    }

    private static IServiceCollection AddSqlite(this IServiceCollection services, string directory)
    {
        services.AddSingleton(_ => new SqliteFile(directory));
        services.AddSchema(provider => provider.GetRequiredService<SqliteFile>().MigrateAsync);
        return services.AddSingleton<Database, SqliteDatabase>();
    }

    private static void AddSchema(this IServiceCollection services, Func<IServiceProvider, Func<Task>> migration)
    {
        services.AddSingleton(
            provider => new SchemaReadiness(migration(provider), provider.GetRequiredService<ILogger<SchemaReadiness>>()));
        services.AddDeferredStart<SchemaReadiness>();
    }
}
