using System.Security.Cryptography.X509Certificates;
using FathomGateway.Tls;
using FathomGateway.Tokens.ConnectionStrings;
using Npgsql;

namespace FathomGateway.Tokens.Databases;

/// <summary>
/// The PostgreSQL servers of <c>DATABASE_URL</c>, each with a pool of its own. Of several, the one that served last is tried first, and one
/// that has not answered is tried last: the driver's own choice waits for it with every connection.
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
        MostConnections = settings.MaxPoolSize;
    }

    /// <summary>How many connections to one server there may be.</summary>
    public int MostConnections { get; }

    /// <summary>A connection to the server that takes writes, to be disposed of.</summary>
    /// <exception cref="NpgsqlException">No such server can be reached in time.</exception>
    public async Task<PostgresSession> OpenAsync(CancellationToken cancel)
    {
        if (_hosts is [var only]) return await only.OpenAsync(hasAlternative: false, cancel);
        var failures = new List<Exception>();
        // Those that did not answer come last, and are given all the time that the settings give: it may be that all of them are slow.
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

    /// <summary>Whatever is known of the servers' roles, and every pooled connection, is dropped.</summary>
    public void Reset() => Array.ForEach(_hosts, host => host.Reset());

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await host.DisposeAsync();
    }

    private static PostgresHost Host(NpgsqlConnectionStringBuilder settings, string name, bool isOnly, ILoggerFactory logs)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(logs);
        // Where the operator wants revocation checked, .NET fetches what it needs for that.
        builder.UseSslClientAuthenticationOptionsCallback(tls => tls.CertificateChainPolicy ??=
            tls.CertificateRevocationCheckMode == X509RevocationMode.NoCheck ? OutgoingTls.AsSent : null);
        var one = builder.ConnectionStringBuilder;
        // Metrics and traces carry the pool's name; without one, they would carry the connection string.
        builder.Name = isOnly ? PostgresConnectionString.ApplicationName : $"{PostgresConnectionString.ApplicationName} {name}";
        var recheck = TimeSpan.FromSeconds(one.HostRecheckSeconds);
        var roleQuery = RoleQuery(one.TargetSessionAttributes);
        // The driver takes these for several hosts in one pool alone, and refuses them otherwise.
        one.TargetSessionAttributes = null;
        one.LoadBalanceHosts = false;
        if (isOnly) return new PostgresHost(builder, isOnly, roleQuery: null, recheck);
        (one.Host, one.Port) = Split(name, one.Port);
        return new PostgresHost(builder, isOnly, roleQuery, recheck);
    }

    /// <summary>Tokens have to be written, so only those words of the driver's have a meaning that ask for no less.</summary>
    private static string? RoleQuery(string? wanted) => wanted?.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() switch
    {
        "ANY" => null,
        "READWRITE" => "SELECT current_setting('transaction_read_only') = 'off'",
        _ => "SELECT NOT pg_is_in_recovery()",
    };

    private static (string Host, int Port) Split(string name, int port)
    {
        var colon = name.LastIndexOf(':');
        var isAddress = name.IndexOf(':', StringComparison.Ordinal) != colon && !name.Contains("]:", StringComparison.Ordinal);
        return colon > 0 && !isAddress && ushort.TryParse(name.AsSpan(colon + 1), out var own) ? (name[..colon], own) : (name, port);
    }
}
