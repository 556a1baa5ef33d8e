using Dapper;
using FathomGateway.Users;
using Microsoft.Data.Sqlite;

namespace FathomGateway.Tokens;

/// <summary>Stores and the disconnects that beat them; SQLite lets one writer in at a time, which is all the order they need.</summary>
internal sealed partial class SqliteConnectionStore
{
    private const string MomentSql = $"SELECT {Now} AS Now, (SELECT connected_at FROM fathom_connections WHERE user_id = @UserId) AS ConnectedAt";

    private const string NoteSql = $"""
        DELETE FROM fathom_disconnects WHERE disconnected_at < {Now} - @DisconnectMemory;
        INSERT INTO fathom_disconnects (user_id, disconnected_at) VALUES (@UserId, {Now}) ON CONFLICT (user_id) DO UPDATE SET disconnected_at = excluded.disconnected_at
        """;

    private const string DeleteSql = $"DELETE FROM fathom_connections WHERE user_id = @UserId RETURNING {Columns}";

    /// <summary>What lies in the future was noted before the clock was set back: it beats nobody.</summary>
    private const string StoreSql = $"""
        INSERT INTO fathom_connections (user_id, grant_id, version, access_token, refresh_token, scope, connected_at, issued_at, expires_at, updated_at)
        SELECT @UserId, @GrantId, 1, @AccessToken, @RefreshToken, @Scope, min(@IssuedAt, {Now}), min(@IssuedAt, {Now}), min(@IssuedAt, {Now}) + @Lifetime, {Now}
        WHERE NOT EXISTS (SELECT 1 FROM fathom_disconnects WHERE user_id = @UserId AND disconnected_at BETWEEN @IssuedAt AND {Now})
            AND @IssuedAt > {Now} - @DisconnectMemory
        ON CONFLICT (user_id) DO UPDATE SET
            grant_id = excluded.grant_id, version = version + 1, access_token = excluded.access_token, refresh_token = excluded.refresh_token,
            scope = excluded.scope, connected_at = excluded.connected_at, issued_at = excluded.issued_at, expires_at = excluded.expires_at,
            updated_at = excluded.updated_at, lease_owner = NULL, lease_until = NULL, reconnect_reason = NULL, reconnect_at = NULL
        WHERE grant_id <> excluded.grant_id AND connected_at NOT BETWEEN @IssuedAt AND {Now}
        """;

    private const string StoredSql = "SELECT grant_id = @GrantId FROM fathom_connections WHERE user_id = @UserId";

    private const string SaveLateSql = $"""
        UPDATE fathom_connections SET
            version = version + 1, access_token = @AccessToken, refresh_token = COALESCE(@RefreshToken, refresh_token), scope = COALESCE(@Scope, scope),
            issued_at = {Now} - @Age, expires_at = {Now} - @Age + @Lifetime, updated_at = {Now}, lease_owner = NULL, lease_until = NULL, reconnect_reason = NULL, reconnect_at = NULL
        WHERE user_id = @UserId AND grant_id = @GrantId AND version = @Version RETURNING {Columns}
        """;

    public async Task<ConnectionMoment> MomentAsync(UserId userId, CancellationToken cancel)
    {
        var (now, connectedAt) = await ReadAsync(
            connection => connection.QuerySingleAsync<(long Now, long? ConnectedAt)>(new CommandDefinition(MomentSql, new { UserId = userId.Value }, cancellationToken: cancel)), cancel);
        return new ConnectionMoment(DateTimeOffset.FromUnixTimeMilliseconds(now), connectedAt is { } since ? DateTimeOffset.FromUnixTimeMilliseconds(since) : null);
    }

    public async Task<Connection?> DeleteAsync(UserId userId, CancellationToken cancel)
    {
        var parameters = new { UserId = userId.Value, DisconnectMemory = Milliseconds(IConnectionStore.DisconnectMemory) };
        var row = await AtOnceAsync(
            async (connection, transaction) =>
            {
                await connection.ExecuteAsync(new CommandDefinition(NoteSql, parameters, transaction, cancellationToken: cancel));
                return await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(DeleteSql, parameters, transaction, cancellationToken: cancel));
            },
            cancel);
        return row?.ToConnection(userId);
    }

    public async Task<StoreResult> StoreAsync(NewConnection connection, DateTimeOffset issuedAt, CancellationToken cancel)
    {
        var row = new
        {
            UserId = connection.UserId.Value,
            GrantId = connection.GrantId.ToString(),
            AccessToken = connection.AccessToken.Text,
            RefreshToken = connection.RefreshToken?.Text,
            connection.Scope,
            Lifetime = Milliseconds(connection.Lifetime),
            IssuedAt = issuedAt.ToUnixTimeMilliseconds(),
            DisconnectMemory = Milliseconds(IConnectionStore.DisconnectMemory),
        };
        var isOurs = await AtOnceAsync(
            async (database, transaction) =>
            {
                await database.ExecuteAsync(new CommandDefinition(StoreSql, row, transaction, cancellationToken: cancel));
                return await database.ExecuteScalarAsync<bool?>(new CommandDefinition(StoredSql, row, transaction, cancellationToken: cancel));
            },
            cancel);
        return IConnectionStore.Result(isOurs);
    }

    public async Task<Connection?> SaveLateAsync(UserId userId, Guid grantId, long version, RefreshedTokens tokens, CancellationToken cancel)
    {
        var changes = new
        {
            UserId = userId.Value,
            GrantId = grantId.ToString(),
            Version = version,
            AccessToken = tokens.AccessToken.Text,
            RefreshToken = tokens.RefreshToken?.Text,
            tokens.Scope,
            Lifetime = Milliseconds(tokens.Lifetime),
            Age = Milliseconds(tokens.Age),
        };
        var row = await WriteAsync(connection => connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(SaveLateSql, changes, cancellationToken: cancel)), cancel);
        return row?.ToConnection(userId);
    }

    private Task<T> AtOnceAsync<T>(Func<SqliteConnection, SqliteTransaction, Task<T>> work, CancellationToken cancel) => WriteAsync(
        async connection =>
        {
            await using var transaction = connection.BeginTransaction();
            var result = await work(connection, transaction);
            await transaction.CommitAsync(cancel);
            return result;
        },
        cancel);
}
