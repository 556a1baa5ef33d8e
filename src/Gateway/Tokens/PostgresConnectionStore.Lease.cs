using Dapper;
using FathomGateway.Users;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>Refreshing by lease. Every statement names version and owner, so whoever comes late changes nothing.</summary>
internal sealed partial class PostgresConnectionStore : IDisposable
{
    /// <summary>Readers at once: half of the pool, so that a crowd of them leaves the other half to connects and saves, and opens fewer connections.</summary>
    private const int MostReaders = DatabaseAddress.PoolSize / 2;

    /// <summary>How long a reader stands in line, which moves by a read of one row at a time. Longer than the pool's own wait, which is meant for a pool that leaks.</summary>
    private static readonly TimeSpan LongestLine = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _readers = new(MostReaders, MostReaders);

    private const string ReadSql = $"SELECT {Columns}, now() AS Now, lease_owner AS LeaseOwner, lease_until AS LeaseUntil FROM fathom_connections WHERE user_id = @UserId";

    private const string Held = "user_id = @UserId AND grant_id = @GrantId AND version = @Version AND lease_owner = @Owner";

    private const string TakeSql = """
        UPDATE fathom_connections SET lease_owner = @Owner, lease_until = now() + @Duration
        WHERE user_id = @UserId AND grant_id = @GrantId AND version = @Version AND reconnect_reason IS NULL AND (lease_until IS NULL OR lease_until < now())
        """;

    private const string SaveSql = $"""
        UPDATE fathom_connections SET
            version = version + 1, access_token = @AccessToken, refresh_token = COALESCE(@RefreshToken, refresh_token), scope = COALESCE(@Scope, scope),
            issued_at = now() - @Age, expires_at = now() - @Age + @Lifetime, updated_at = now(), lease_owner = NULL, lease_until = NULL
        WHERE {Held} RETURNING {Columns}
        """;

    private const string ReconnectSql = $"""
        UPDATE fathom_connections SET reconnect_reason = @Reason, reconnect_at = now(), updated_at = now(), lease_owner = NULL, lease_until = NULL
        WHERE {Held} RETURNING {Columns}
        """;

    private const string ReleaseSql = $"UPDATE fathom_connections SET lease_owner = NULL, lease_until = NULL WHERE {Held}";

    public async Task<ConnectionReading?> ReadAsync(UserId userId, CancellationToken cancel)
    {
        if (!await _readers.WaitAsync(LongestLine, cancel)) throw new ConnectionStoreUnavailableException("PostgreSQL did not answer those who asked before in time.");
        try
        {
            var command = new CommandDefinition(ReadSql, new { UserId = userId.Value }, cancellationToken: cancel);
            var rows = await AskAsync(
                connection => connection.QueryAsync<Row, Moment, ConnectionReading>(
                    command, (row, moment) => new ConnectionReading(row.ToConnection(userId), moment.Now, moment.LeaseOwner, moment.LeaseUntil), splitOn: nameof(Moment.Now)),
                cancel);
            return rows.SingleOrDefault();
        }
        finally
        {
            _readers.Release();
        }
    }

    public async Task<bool> TakeLeaseAsync(RefreshLease lease, CancellationToken cancel) => await HoldAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(TakeSql, Parameters(lease, new { RefreshLease.Duration }), cancellationToken: cancel)), cancel) > 0;

    public Task<Connection?> SaveAsync(RefreshLease lease, RefreshedTokens tokens, CancellationToken cancel) => HeldRowAsync(
        SaveSql, lease, new { AccessToken = tokens.AccessToken.Text, RefreshToken = tokens.RefreshToken?.Text, tokens.Scope, tokens.Lifetime, tokens.Age }, cancel);

    public Task<Connection?> RequireReconnectAsync(RefreshLease lease, string reason, CancellationToken cancel) =>
        HeldRowAsync(ReconnectSql, lease, new { Reason = reason }, cancel);

    public Task ReleaseLeaseAsync(RefreshLease lease, CancellationToken cancel) =>
        HoldAsync(connection => connection.ExecuteAsync(new CommandDefinition(ReleaseSql, Parameters(lease), cancellationToken: cancel)), cancel);

    public void Dispose() => _readers.Dispose();

    private async Task<Connection?> HeldRowAsync(string sql, RefreshLease lease, object more, CancellationToken cancel)
    {
        var command = new CommandDefinition(sql, Parameters(lease, more), cancellationToken: cancel);
        return (await HoldAsync(connection => connection.QuerySingleOrDefaultAsync<Row>(command), cancel))?.ToConnection(lease.UserId);
    }

    private Task<T> HoldAsync<T>(Func<NpgsqlConnection, Task<T>> command, CancellationToken cancel) => WithinAsync(IConnectionStore.StoreTimeout, ToTheEndAsync(command, cancel), cancel);

    /// <summary>Within the driver's own limits.</summary>
    private async Task<T> ToTheEndAsync<T>(Func<NpgsqlConnection, Task<T>> command, CancellationToken cancel)
    {
        try
        {
            return await AskAsync(command, cancel);
        }
        catch (ConnectionStoreUnavailableException failure) when (failure.InnerException is NpgsqlException { IsTransient: true, InnerException: not TimeoutException })
        {
            // After a restart of the database the pool holds connections that are dead and do not know it. The next attempt gets a fresh one.
            database.Clear();
            throw;
        }
    }

    private static DynamicParameters Parameters(RefreshLease lease, object? more = null)
    {
        var parameters = new DynamicParameters(more);
        parameters.AddDynamicParams(new { UserId = lease.UserId.Value, lease.GrantId, lease.Version, lease.Owner });
        return parameters;
    }

    private sealed record Moment(DateTime Now, Guid? LeaseOwner, DateTime? LeaseUntil);
}
