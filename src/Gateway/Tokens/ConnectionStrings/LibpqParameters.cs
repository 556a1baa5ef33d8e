using System.Globalization;
using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>
/// Translates the parameters of libpq (PostgreSQL manual, section 34.1.2), of hosting services and of other clients to those of Npgsql.
/// </summary>
internal static class LibpqParameters
{
    /// <summary>Largest number of seconds that Npgsql can wait for a connection.</summary>
    private const int MaxTimeoutSeconds = 1024;

    /// <summary>Npgsql's names where they differ in more than underscores.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["user"] = "Username",
        ["dbname"] = "Database",
        ["sslcert"] = "SSL Certificate",
        ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name",
        ["target_session_attrs"] = "Target Session Attributes",
    };

    /// <summary>Parameters that the gateway decides itself, and parameters that only another client knows.</summary>
    private static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
    {
        "client_encoding", "fallback_application_name", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
        "tcp_user_timeout", "replication", "sslcompression", "sslcertmode", "sslkeylogfile", "sslcrl", "sslcrldir", "sslsni", "requirepeer",
        "ssl_min_protocol_version", "ssl_max_protocol_version", "min_protocol_version", "max_protocol_version", "gsslib", "gssdelegation",
        "scram_client_key", "scram_server_key", "service", "servicefile", "load_balance_hosts", "pgbouncer", "connection_limit", "pool",
        "pool_timeout", "pool_mode", "pool_size", "max_conns", "pool_max_conns", "pool_min_conns", "pool_max_conn_lifetime",
        "socket_timeout", "statement_cache_size", "prepared_statements", "prepareThreshold", "preparedStatementCacheQueries", "sslaccept",
        "uselibpqcompat", "supa", "workaround", "statement_timeout", "lock_timeout", "encoding", "reconnect", "timezone",
        "default_query_exec_mode",
    };

    /// <summary>Sets the parameters that have a meaning for the gateway, and warns of the others.</summary>
    /// <exception cref="SettingValueException">A parameter is not known, or its value cannot be used.</exception>
    public static NpgsqlConnectionStringBuilder Apply(IReadOnlyList<(string Name, string Value)> parameters, SettingsReader settings)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        var ignored = new List<string>();
        // Ports are set after their hosts, and sslrootcert=system overrides sslmode.
        foreach (var (name, value) in parameters.OrderBy(one => one.Name is "port" or "sslrootcert" or "hostaddr"))
        {
            if (Ignored.Contains(name) || !TrySet(builder, name.ToLowerInvariant(), value)) ignored.Add(name);
        }

        if (ignored.Count > 0)
        {
            settings.Warn(
                StoreChoice.DatabaseUrlName,
                $"has parameters that mean nothing to the gateway and are ignored: {string.Join(", ", ignored.Distinct())}.");
        }

        return builder;
    }

    /// <returns>False where the parameter has no effect with this value.</returns>
    private static bool TrySet(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        switch (name)
        {
            case "port":
                HostList.SetPorts(builder, value);
                return true;
            case "hostaddr":
                // The address of the host whose name is another parameter. Without a name, the address is the host.
                return string.IsNullOrEmpty(builder.Host) && Set("Host", value);
            case "sslmode":
                // libpq's verify-full is VerifyFull; no-verify is node-postgres' word.
                return Set("SSL Mode", value == "no-verify" ? nameof(SslMode.Require) : value.Replace("-", "", StringComparison.Ordinal));
            case "ssl" when value is "true" or "1":
                return Set("SSL Mode", nameof(SslMode.VerifyFull));
            case "ssl" when value is "no-verify":
            case "requiressl" when value is "1":
                return Set("SSL Mode", nameof(SslMode.Require));
            case "ssl" or "requiressl":
                return false;
            case "sslrootcert" when value == "system":
                // The authorities of this machine. With this value libpq requires full verification.
                return Set("SSL Mode", nameof(SslMode.VerifyFull));
            case "sslrootcert":
                return value.Length > 0 && Set("Root Certificate", value);
            case "connect_timeout":
                // 0 means for ever in libpq; a user waits here.
                var isNumber = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds);
                return (!isNumber || seconds is > 0 and <= MaxTimeoutSeconds) && Set("Timeout", value);
            case "require_auth":
                return Set("Require Auth", AuthenticationMethods(value));
            case "schema" or "currentschema" or "search_path":
                return value != "public" && Set("Search Path", value);
            default:
                return Set(Names.GetValueOrDefault(name, name.Replace("_", "", StringComparison.Ordinal)), value);
        }

        bool Set(string keyword, string translated)
        {
            ConnectionStringParser.Set(builder, keyword, translated, shown: name);
            return true;
        }
    }

    /// <summary>libpq's names of authentication methods in Npgsql's spelling; a <c>!</c> before a name stays.</summary>
    private static string AuthenticationMethods(string value) => value.ToLowerInvariant()
        .Replace("scram-sha-256", "ScramSHA256", StringComparison.Ordinal)
        .Replace("password", "Password", StringComparison.Ordinal)
        .Replace("md5", "MD5", StringComparison.Ordinal)
        .Replace("gss", "GSS", StringComparison.Ordinal)
        .Replace("sspi", "SSPI", StringComparison.Ordinal)
        .Replace("none", "None", StringComparison.Ordinal);
}
