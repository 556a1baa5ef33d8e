using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>
/// Reads <c>DATABASE_URL</c>: a <c>postgresql://</c> URL or <c>keyword=value</c> string as libpq takes them and hosts hand them out, or a
/// string of Npgsql's own.
/// </summary>
internal static class PostgresConnectionString
{
    /// <summary>Connections a replica: Npgsql's own default of 100 would let two replicas use up PostgreSQL's usual 100.</summary>
    public const int PoolSize = 20;

    /// <summary>A migration runs on one connection while another holds its lock.</summary>
    private const int SmallestPool = 2;

    /// <summary>What the sessions are called in pg_stat_activity, and the pool in metrics.</summary>
    public const string ApplicationName = "fathom-gateway";

    /// <summary>Seconds to wait for a connection, made or free: a user is waiting.</summary>
    private const int ConnectTimeout = 3;

    /// <summary>Seconds one statement may take; each touches one row.</summary>
    private const int CommandTimeout = 5;

    /// <summary>Seconds after which a pooled connection is replaced, so that a fail-over or a change of address is noticed.</summary>
    private const int ConnectionLifetime = 300;

    /// <summary>Seconds for which what is known of a host's role is believed: a fail-over is over ten seconds after the promotion.</summary>
    private const int HostRecheck = 2;

    /// <summary>Seconds after which a connection that nobody needs is given back: ten replicas share a server that takes a hundred.</summary>
    private const int IdleLifetime = 30;

    private const string MaxPool = "Maximum Pool Size", MinPool = "Minimum Pool Size";

    /// <returns>Npgsql's connection string, or null with a fault.</returns>
    public static string? Read(SettingsReader settings, string text)
    {
        try
        {
            var builder = DatabaseText.Parse(text, ignored => Ignored(settings, ignored));
            Complete(builder);
            DatabaseFiles.Check(builder);
            DatabaseHosts.Check(builder.Host);
            TryOut(builder);
            return builder.ConnectionString;
        }
        catch (SettingValueException failure)
        {
            settings.Fault(StoreChoice.DatabaseUrlName, failure.Message);
            return null;
        }
    }

    /// <summary>Fills in what the operator leaves open.</summary>
    private static void Complete(NpgsqlConnectionStringBuilder builder)
    {
        Default(builder, MaxPool, Math.Max(PoolSize, builder.MinPoolSize));
        if (builder.MaxPoolSize < SmallestPool)
        {
            throw new SettingValueException($"has a {MaxPool} that is too small: make it {SmallestPool} or more.");
        }

        if (builder.MinPoolSize > builder.MaxPoolSize)
        {
            throw new SettingValueException($"has a {MinPool} above its {MaxPool}: make it smaller, or leave it out.");
        }

        Default(builder, "Timeout", ConnectTimeout);
        Default(builder, "Command Timeout", CommandTimeout);
        Default(builder, "Connection Lifetime", ConnectionLifetime);
        Default(builder, "Connection Idle Lifetime", IdleLifetime);
        Default(builder, "Application Name", ApplicationName);
        // Of several hosts, the one that takes writes.
        if (builder.Host!.Contains(',', StringComparison.Ordinal))
        {
            Default(builder, "Target Session Attributes", "primary");
            Default(builder, "Host Recheck Seconds", HostRecheck);
        }

        // The password is for the server alone, whoever asks a connection for its string.
        builder.PersistSecurityInfo = false;
    }

    /// <summary>The driver has rules about which of its parameters go together, and tells of them when a pool is made.</summary>
    private static void TryOut(NpgsqlConnectionStringBuilder builder)
    {
        var source = new NpgsqlDataSourceBuilder(builder.ConnectionString);
        // These two are for several hosts in one pool; here each host has its own.
        source.ConnectionStringBuilder.TargetSessionAttributes = null;
        source.ConnectionStringBuilder.LoadBalanceHosts = false;
        try
        {
            source.Build().Dispose();
        }
        catch (Exception failure)
            when (failure is ArgumentException or InvalidOperationException or NotSupportedException or FormatException
                or OverflowException)
        {
            throw new SettingValueException("has parameters that the driver cannot use together: leave out all but user, password, host, "
                + "database and sslmode.");
        }
    }

    private static void Ignored(SettingsReader settings, IReadOnlyList<string> names) => settings.Warn(
        StoreChoice.DatabaseUrlName, $"has parameters that mean nothing to the gateway and are ignored: {string.Join(", ", names)}.");

    private static void Default(NpgsqlConnectionStringBuilder builder, string keyword, object value)
    {
        if (!builder.Keys.Cast<string>().Contains(keyword, StringComparer.OrdinalIgnoreCase)) builder[keyword] = value;
    }
}
