using Dapper;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Refreshing by lease. Every statement names version and owner, so whoever comes late changes nothing.</summary>
internal sealed partial class SqliteConnectionStore
{
    private const string ReadSql = $"SELECT {Columns}, {Now} AS Now, lease_owner AS LeaseOwner, lease_until AS LeaseUntil FROM fathom_connections WHERE user_id = @UserId";

    private const string Held = "user_id = @UserId AND grant_id = @GrantId AND version = @Version AND lease_owner = @Owner";

    private const string TakeSql = $"""
        UPDATE fathom_connections SET lease_owner = @Owner, lease_until = {Now} + @Duration
        WHERE user_id = @UserId AND grant_id = @GrantId AND version = @Version AND reconnect_reason IS NULL AND (lease_until IS NULL OR lease_until < {Now})
        """;

    private const string SaveSql = $"""
        UPDATE fathom_connections SET
            version = version + 1, access_token = @AccessToken, refresh_token = COALESCE(@RefreshToken, refresh_token), scope = COALESCE(@Scope, scope),
            issued_at = {Now} - @Age, expires_at = {Now} - @Age + @Lifetime, updated_at = {Now}, lease_owner = NULL, lease_until = NULL
        WHERE {Held} RETURNING {Columns}
        """;

    private const string ReconnectSql = $"""
        UPDATE fathom_connections SET reconnect_reason = @Reason, reconnect_at = {Now}, updated_at = {Now}, lease_owner = NULL, lease_until = NULL
        WHERE {Held} RETURNING {Columns}
        """;

    private const string ReleaseSql = $"UPDATE fathom_connections SET lease_owner = NULL, lease_until = NULL WHERE {Held}";

    public Task<ConnectionReading?> ReadAsync(UserId userId, CancellationToken cancel) => ReadAsync(
        async connection =>
        {
            var command = new CommandDefinition(ReadSql, new { UserId = userId.Value }, cancellationToken: cancel);
            var rows = await connection.QueryAsync<Row, Moment, ConnectionReading>(command, (row, moment) => moment.ToReading(row.ToConnection(userId)), splitOn: nameof(Moment.Now));
            return rows.SingleOrDefault();
        },
        cancel);

    public async Task<bool> TakeLeaseAsync(RefreshLease lease, CancellationToken cancel)
    {
        EnsureRoom();
        return await WriteAsync(
            connection => connection.ExecuteAsync(new CommandDefinition(TakeSql, Parameters(lease, new { Duration = Milliseconds(RefreshLease.Duration) }), cancellationToken: cancel)), cancel) > 0;
    }

    public Task<Connection?> SaveAsync(RefreshLease lease, RefreshedTokens tokens, CancellationToken cancel)
    {
        var changes = new
        {
            AccessToken = tokens.AccessToken.Text,
            RefreshToken = tokens.RefreshToken?.Text,
            tokens.Scope,
            Lifetime = Milliseconds(tokens.Lifetime),
            Age = Milliseconds(tokens.Age),
        };
        return HeldRowAsync(SaveSql, lease, changes, cancel);
    }

    public Task<Connection?> RequireReconnectAsync(RefreshLease lease, string reason, CancellationToken cancel) =>
        HeldRowAsync(ReconnectSql, lease, new { Reason = reason }, cancel);

    public Task ReleaseLeaseAsync(RefreshLease lease, CancellationToken cancel) =>
        WriteAsync(connection => connection.ExecuteAsync(new CommandDefinition(ReleaseSql, Parameters(lease), cancellationToken: cancel)), cancel);

    private async Task<Connection?> HeldRowAsync(string sql, RefreshLease lease, object more, CancellationToken cancel)
    {
        var command = new CommandDefinition(sql, Parameters(lease, more), cancellationToken: cancel);
        return (await WriteAsync(connection => connection.QuerySingleOrDefaultAsync<Row>(command), cancel))?.ToConnection(lease.UserId);
    }

    private static DynamicParameters Parameters(RefreshLease lease, object? more = null)
    {
        var parameters = new DynamicParameters(more);
        parameters.AddDynamicParams(new { UserId = lease.UserId.Value, GrantId = lease.GrantId.ToString(), lease.Version, Owner = lease.Owner.ToString() });
        return parameters;
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    /// <summary>No constructor to match: where there is no row, SQLite gives an expression such as the clock no type.</summary>
    private sealed class Moment
    {
        public long Now { get; init; }

        public string? LeaseOwner { get; init; }

        public long? LeaseUntil { get; init; }

        public ConnectionReading ToReading(Connection connection) => new(
            connection, Time(Now), LeaseOwner is null ? null : Guid.Parse(LeaseOwner), LeaseUntil is { } until ? Time(until) : null);

        private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
