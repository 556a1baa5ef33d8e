using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>Reads <c>DATABASE_URL</c>: a <c>postgresql://</c> URL as hosts hand it out, or a string of Npgsql's own (several hosts, for example).</summary>
internal static class DatabaseAddress
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

    public static string? Read(SettingsReader settings, string text)
    {
        try
        {
            var builder = text.Contains("://", StringComparison.Ordinal) ? DatabaseUrl.Parse(text) : new NpgsqlConnectionStringBuilder(text);
            if (builder is null || string.IsNullOrEmpty(builder.Host)) return Refuse(settings);
            Default(builder, "Maximum Pool Size", PoolSize);
            if (builder.MaxPoolSize < SmallestPool)
            {
                settings.Fault(StoreChoice.DatabaseUrlName, $"has a Maximum Pool Size of {builder.MaxPoolSize}: make it {SmallestPool} or more.");
                return null;
            }

            Default(builder, "Timeout", ConnectTimeout);
            Default(builder, "Command Timeout", CommandTimeout);
            Default(builder, "Connection Lifetime", ConnectionLifetime);
            Default(builder, "Connection Idle Lifetime", IdleLifetime);
            Default(builder, "Application Name", ApplicationName);
            // Of several hosts, the one that takes writes.
            if (builder.Host.Contains(',', StringComparison.Ordinal))
            {
                Default(builder, "Target Session Attributes", "primary");
                Default(builder, "Host Recheck Seconds", HostRecheck);
            }

            // The password is for the server alone, whoever asks a connection for its string.
            builder.PersistSecurityInfo = false;
            return builder.ConnectionString;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException or KeyNotFoundException)
        {
            return Refuse(settings, (failure as ArgumentException)?.ParamName);
        }
    }

    private static string? Refuse(SettingsReader settings, string? parameter = null)
    {
        if (parameter is { Length: > 0 })
        {
            settings.Fault(StoreChoice.DatabaseUrlName, $"has a parameter that cannot be used, {parameter}: correct it or leave it out.");
            return null;
        }

        settings.Fault(StoreChoice.DatabaseUrlName, "is no PostgreSQL address: write postgresql://user:password@host[:port]/database[?sslmode=require], or an Npgsql connection string.");
        return null;
    }

    private static void Default(NpgsqlConnectionStringBuilder builder, string keyword, object value)
    {
        if (!builder.Keys.Cast<string>().Contains(keyword, StringComparer.OrdinalIgnoreCase)) builder[keyword] = value;
    }
}
