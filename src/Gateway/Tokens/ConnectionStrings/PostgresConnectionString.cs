using System.Security;
using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>Reads <c>DATABASE_URL</c> and completes it by the gateway's own limits.</summary>
internal static class PostgresConnectionString
{
    /// <summary>Connections per replica. With Npgsql's default of 100, two replicas could use up PostgreSQL's usual 100.</summary>
    private const int PoolSize = 20;

    /// <summary>A migration runs on one connection while another holds its lock.</summary>
    private const int RequiredPoolSize = 2;

    /// <summary>Name of the sessions in pg_stat_activity, and of the pool in metrics.</summary>
    public const string ApplicationName = "fathom-gateway";

    /// <summary>Seconds to wait for a connection, new or pooled: a user is waiting.</summary>
    private const int ConnectTimeout = 3;

    /// <summary>Seconds for one statement; each touches one row.</summary>
    private const int CommandTimeout = 5;

    /// <summary>Seconds after which a pooled connection is replaced, so that a change of address takes effect.</summary>
    private const int ConnectionLifetime = 300;

    /// <summary>Seconds for which a host's role is cached: a fail-over ends ten seconds after the promotion.</summary>
    private const int HostRecheck = 2;

    /// <summary>Seconds after which an idle connection is closed: ten replicas share a server of a hundred connections.</summary>
    private const int IdleLifetime = 30;

    private const string MaxPool = "Maximum Pool Size", MinPool = "Minimum Pool Size";

    /// <returns>Npgsql's connection string, or null with a fault.</returns>
    public static string? Read(SettingsReader settings, string text)
    {
        try
        {
            var builder = ConnectionStringParser.Parse(text, settings);
            HostList.Check(builder.Host);
            Complete(builder);
            CheckFiles(builder);
            CheckCombination(builder);
            return builder.ConnectionString;
        }
        catch (SettingValueException failure)
        {
            settings.Fault(StoreChoice.DatabaseUrlName, failure.Message);
            return null;
        }
    }

    /// <summary>Sets the parameters that the operator has not set.</summary>
    private static void Complete(NpgsqlConnectionStringBuilder builder)
    {
        if (builder.TargetSessionAttributes?.ToUpperInvariant() is "STANDBY" or "READ-ONLY")
        {
            throw new SettingValueException(
                "asks for a standby (target_session_attrs), and the gateway has to write: make it read-write, or leave it out.");
        }

        Default(builder, MaxPool, Math.Max(PoolSize, builder.MinPoolSize));
        if (builder.MaxPoolSize < RequiredPoolSize)
        {
            throw new SettingValueException($"has a {MaxPool} that is too small: make it {RequiredPoolSize} or more.");
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
        // No statement changes the session, so that DISCARD ALL before each use of a pooled connection would only cost the server time.
        // An open transaction is still rolled back.
        Default(builder, "No Reset On Close", true);
        if (builder.Host!.Contains(',', StringComparison.Ordinal))
        {
            Default(builder, "Target Session Attributes", "primary");
            Default(builder, "Host Recheck Seconds", HostRecheck);
        }

        // The string that an open connection reports must not hold the password.
        builder.PersistSecurityInfo = false;
    }

    /// <summary>The driver opens these files with each connection, so a missing one would fail every connection.</summary>
    private static void CheckFiles(NpgsqlConnectionStringBuilder builder)
    {
        (string Name, string? Path)[] files =
        [
            ("Root Certificate (sslrootcert)", builder.RootCertificate), ("SSL Certificate (sslcert)", builder.SslCertificate),
            ("SSL Key (sslkey)", builder.SslKey),
        ];
        foreach (var (name, path) in files.Where(one => !string.IsNullOrEmpty(one.Path)))
        {
            try
            {
                File.OpenRead(path!).Dispose();
            }
            catch (Exception failure)
                when (failure is IOException or UnauthorizedAccessException or SecurityException or ArgumentException
                    or NotSupportedException)
            {
                throw new SettingValueException($"names a file that cannot be read as its {name}: check the path and who may read it.");
            }
        }
    }

    /// <summary>The driver checks which of its parameters exclude each other only when a pool is built.</summary>
    private static void CheckCombination(NpgsqlConnectionStringBuilder builder)
    {
        var source = new NpgsqlDataSourceBuilder(builder.ConnectionString);
        // The driver accepts these two for a pool of several hosts alone; here each host has its own pool.
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

    private static void Default(NpgsqlConnectionStringBuilder builder, string keyword, object value)
    {
        if (!builder.ShouldSerialize(keyword)) builder[keyword] = value;
    }
}
