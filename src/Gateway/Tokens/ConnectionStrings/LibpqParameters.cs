using FathomGateway.Settings;
using Npgsql;

namespace FathomGateway.Tokens.ConnectionStrings;

/// <summary>libpq's parameters (PostgreSQL manual, section 34.1.2) and those that hosts and other clients add, as Npgsql's.</summary>
internal static class LibpqParameters
{
    /// <summary>Names where Npgsql's differ.</summary>
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["user"] = "Username",
        ["dbname"] = "Database",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslnegotiation"] = "SSL Negotiation",
        ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name",
        ["require_auth"] = "Require Auth",
        ["channel_binding"] = "Channel Binding",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["target_session_attrs"] = "Target Session Attributes",
        // Of JDBC, Prisma and SQLAlchemy.
        ["search_path"] = "Search Path",
        ["currentSchema"] = "Search Path",
        ["schema"] = "Search Path",
    };

    /// <summary>Without effect here, because the gateway sees to it in its own way or it is another client's.</summary>
    private static readonly HashSet<string> WithoutEffect = new(StringComparer.OrdinalIgnoreCase)
    {
        "hostaddr", "client_encoding", "fallback_application_name", "keepalives", "keepalives_idle", "keepalives_interval",
        "keepalives_count",
        "tcp_user_timeout", "replication", "sslcompression", "sslcertmode", "sslkeylogfile", "sslcrl", "sslcrldir", "sslsni", "requirepeer",
        "ssl_min_protocol_version", "ssl_max_protocol_version", "min_protocol_version", "max_protocol_version", "gsslib", "gssdelegation",
        "scram_client_key", "scram_server_key", "service", "servicefile", "load_balance_hosts", "pgbouncer", "connection_limit", "pool",
        "pool_timeout", "pool_mode", "pool_size", "max_conns", "pool_max_conns", "pool_min_conns", "pool_max_conn_lifetime",
        "socket_timeout",
        "statement_cache_size", "prepared_statements", "prepareThreshold", "preparedStatementCacheQueries", "sslaccept", "uselibpqcompat",
        "supa", "workaround", "statement_timeout", "lock_timeout", "encoding", "reconnect", "timezone", "default_query_exec_mode",
    };

    /// <exception cref="SettingValueException">A parameter is not known, or its value cannot be used.</exception>
    public static NpgsqlConnectionStringBuilder Apply(
        IReadOnlyList<(string Name, string Value)> parameters, Action<IReadOnlyList<string>> ignored)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        var without = new List<string>();
        // Ports belong to hosts, and certain authorities ask for a mode of their own: both come last.
        foreach (var (name, value) in parameters.OrderBy(one => one.Name is "port" or "sslrootcert"))
        {
            if (WithoutEffect.TryGetValue(name, out var known)) without.Add(known);
            else if (LibpqValues.Translate(name, value, out var translated)) Set(builder, name, translated);
            else without.Add(name.ToLowerInvariant());
        }

        // An address of its own beside the name is not needed; alone, it is the host.
        if (string.IsNullOrEmpty(builder.Host) && parameters.LastOrDefault(one => one.Name == "hostaddr").Value is { Length: > 0 } address)
        {
            builder.Host = address;
            without.Remove("hostaddr");
        }

        if (without.Count > 0) ignored([.. without.Distinct()]);
        return builder;
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string name, string? value)
    {
        switch (name.ToLowerInvariant())
        {
            case "port":
                DatabaseHosts.SetPorts(builder, value ?? "");
                break;
            case "ssl":
                builder.SslMode = Enum.Parse<SslMode>(value!);
                break;
            case "sslrootcert" when value is null:
                // The word `system`: the authorities of this machine, and then nothing less than full verification.
                builder.SslMode = SslMode.VerifyFull;
                break;
            default:
                DriverParameter.Set(builder, Keywords.GetValueOrDefault(name, name), value ?? "", shown: name);
                break;
        }
    }
}
