using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using FathomGateway.Tls;
using FathomGateway.Tokens.ConnectionStrings;
using Npgsql;

namespace FathomGateway.Tokens.Databases;

/// <summary>
/// The PostgreSQL servers of <c>DATABASE_URL</c>, each with a pool of its own. The server that served last is tried first, and a server
/// that did not answer in time is tried last. The driver's own selection would wait for such a server with every connection.
/// </summary>
internal sealed class PostgresHosts : IAsyncDisposable
{
    private readonly PostgresHost[] _hosts;
    private volatile PostgresHost _last;

    public PostgresHosts(string connectionString, ILoggerFactory logs)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var names = settings.Host!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _hosts = [.. names.Select(name => Host(settings, name, isOnly: names.Length == 1, logs))];
        _last = _hosts[0];
        MaxConnections = settings.MaxPoolSize;
    }

    /// <summary>Largest number of connections to one server.</summary>
    public int MaxConnections { get; }

    /// <summary>A connection to the server that takes writes, to be disposed of.</summary>
    /// <exception cref="NpgsqlException">No such server can be reached in time.</exception>
    public async Task<PostgresSession> OpenAsync(CancellationToken cancel)
    {
        if (_hosts is [var only]) return await only.OpenAsync(hasAlternative: false, cancel);
        var failures = new List<Exception>();
        // Servers that did not answer come last, with the full time limits of the settings, because all servers may be slow.
        foreach (var host in _hosts.OrderBy(host => host.IsUnavailable).ThenBy(host => host != _last).ToArray())
        {
            try
            {
                var session = await host.OpenAsync(hasAlternative: !host.IsUnavailable, cancel);
                _last = host;
                return session;
            }
            catch (NpgsqlException failure)
            {
                failures.Add(failure);
            }
        }

        throw new NpgsqlException("No suitable host was found.", new AggregateException(failures));
    }

    /// <summary>Forgets the servers' roles and drops every pooled connection.</summary>
    public void Reset() => Array.ForEach(_hosts, host => host.Reset());

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await host.DisposeAsync();
    }

    private static PostgresHost Host(NpgsqlConnectionStringBuilder settings, string name, bool isOnly, ILoggerFactory logs)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(logs);
        // Where the operator asks for a check of revocation, .NET fetches what it needs.
        builder.UseSslClientAuthenticationOptionsCallback(tls => tls.CertificateChainPolicy ??=
            tls.CertificateRevocationCheckMode == X509RevocationMode.NoCheck ? OutgoingTls.AsSent : null);
        var one = builder.ConnectionStringBuilder;
        // Metrics and traces have the pool's name; without one, they would have the connection string.
        builder.Name = isOnly ? PostgresConnectionString.ApplicationName : $"{PostgresConnectionString.ApplicationName} {name}";
        var recheck = TimeSpan.FromSeconds(one.HostRecheckSeconds);
        var roleQuery = RoleQuery(one.TargetSessionAttributes);
        // The driver refuses these for a pool of one host.
        one.TargetSessionAttributes = null;
        one.LoadBalanceHosts = false;
        if (isOnly) return new PostgresHost(builder, isOnly, roleQuery: null, recheck);
        var (host, port) = HostList.Split(name);
        one.Host = host;
        if (port is not null) one.Port = int.Parse(port, CultureInfo.InvariantCulture);
        return new PostgresHost(builder, isOnly, roleQuery, recheck);
    }

    /// <summary>The query for the wanted role. Tokens have to be written, so every value except these two means the primary.</summary>
    private static string? RoleQuery(string? wanted) => wanted?.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() switch
    {
        "ANY" => null,
        "READWRITE" => "SELECT current_setting('transaction_read_only') = 'off'",
        _ => "SELECT NOT pg_is_in_recovery()",
    };
}

/// <summary>A connection to one of the servers, and its slot among the connections that the server may have at once.</summary>
internal sealed class PostgresSession(PostgresHost host, NpgsqlConnection connection, SemaphoreSlim slots) : IAsyncDisposable
{
    public PostgresHost Host => host;

    public NpgsqlConnection Connection => connection;

    /// <summary>Whether everything that was executed on it so far may be executed twice.</summary>
    public bool MayRepeat { get; set; } = true;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.DisposeAsync();
        }
        finally
        {
            slots.Release();
        }
    }
}
