using Dapper;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>
/// Stores and the disconnects that beat them. The statements of one command are one transaction, and each sees what was committed before it began:
/// the first takes the user's lock, so that the others cannot overlook the other side.
/// </summary>
internal sealed partial class PostgresConnectionStore
{
    private const string MomentSql = "SELECT clock_timestamp() AS Now, (SELECT connected_at FROM fathom_connections WHERE user_id = @UserId) AS ConnectedAt";

    /// <summary>Of PostgreSQL's advisory locks, which end with the transaction: a user who has neither row has none that could be locked. The seed keeps other applications' locks apart.</summary>
    private const string LockSql = "SELECT true FROM pg_advisory_xact_lock(hashtextextended(@UserId, 112888));";

    private const string DeleteSql = $"""
        {LockSql}
        INSERT INTO fathom_disconnects (user_id, disconnected_at) VALUES (@UserId, clock_timestamp())
        ON CONFLICT (user_id) DO UPDATE SET disconnected_at = clock_timestamp();
        DELETE FROM fathom_connections WHERE user_id = @UserId RETURNING {Columns};
        """;

    /// <summary>By itself, and without waiting for anybody's lock: two disconnects that sweep at once must not wait for each other in a circle.</summary>
    private const string ForgetSql = """
        DELETE FROM fathom_disconnects WHERE user_id IN (
            SELECT user_id FROM fathom_disconnects WHERE disconnected_at < now() - @DisconnectMemory LIMIT 100 FOR UPDATE SKIP LOCKED)
        """;

    /// <summary>What lies in the future was noted before the clock was set back, or by a former primary whose clock is ahead: it beats nobody.</summary>
    private const string StoreSql = $"""
        {LockSql}
        INSERT INTO fathom_connections AS mine (user_id, grant_id, version, access_token, refresh_token, scope, connected_at, issued_at, expires_at, updated_at)
        SELECT @UserId, @GrantId, 1, @AccessToken, @RefreshToken, @Scope, issued_at, issued_at, issued_at + @Lifetime, now()
        FROM (SELECT least(@IssuedAt, clock_timestamp()) AS issued_at) AS moment
        WHERE NOT EXISTS (SELECT FROM fathom_disconnects WHERE user_id = @UserId AND disconnected_at BETWEEN @IssuedAt AND clock_timestamp())
            AND @IssuedAt > clock_timestamp() - @DisconnectMemory
        ON CONFLICT (user_id) DO UPDATE SET
            grant_id = excluded.grant_id, version = mine.version + 1, access_token = excluded.access_token, refresh_token = excluded.refresh_token,
            scope = excluded.scope, connected_at = excluded.connected_at, issued_at = excluded.issued_at, expires_at = excluded.expires_at,
            updated_at = excluded.updated_at, lease_owner = NULL, lease_until = NULL, reconnect_reason = NULL, reconnect_at = NULL
        WHERE mine.grant_id <> excluded.grant_id AND mine.connected_at NOT BETWEEN @IssuedAt AND clock_timestamp();
        SELECT grant_id = @GrantId FROM fathom_connections WHERE user_id = @UserId;
        """;

    private const string SaveLateSql = $"""
        UPDATE fathom_connections SET
            version = version + 1, access_token = @AccessToken, refresh_token = COALESCE(@RefreshToken, refresh_token), scope = COALESCE(@Scope, scope),
            issued_at = now() - @Age, expires_at = now() - @Age + @Lifetime, updated_at = now(), lease_owner = NULL, lease_until = NULL, reconnect_reason = NULL, reconnect_at = NULL
        WHERE user_id = @UserId AND grant_id = @GrantId AND version = @Version RETURNING {Columns}
        """;

    public async Task<ConnectionMoment> MomentAsync(UserId userId, CancellationToken cancel)
    {
        var command = new CommandDefinition(MomentSql, new { UserId = userId.Value }, cancellationToken: cancel);
        var (now, connectedAt) = await HoldAsync(connection => connection.QuerySingleAsync<(DateTime Now, DateTime? ConnectedAt)>(command), cancel);
        return new ConnectionMoment(now, connectedAt);
    }

    public async Task<Connection?> DeleteAsync(UserId userId, CancellationToken cancel)
    {
        var row = await ToTheEndAsync(
            async connection =>
            {
                // Before, not after: an answer that is lost behind the delete would cost the caller what was deleted.
                await connection.ExecuteAsync(new CommandDefinition(ForgetSql, new { IConnectionStore.DisconnectMemory }, cancellationToken: cancel));
                return await connection.BehindLockAsync<Row>(new CommandDefinition(DeleteSql, new { UserId = userId.Value }, cancellationToken: cancel));
            },
            cancel);
        return row?.ToConnection(userId);
    }

    public async Task<StoreResult> StoreAsync(NewConnection connection, DateTimeOffset issuedAt, CancellationToken cancel)
    {
        var row = new
        {
            UserId = connection.UserId.Value,
            connection.GrantId,
            AccessToken = connection.AccessToken.Text,
            RefreshToken = connection.RefreshToken?.Text,
            connection.Scope,
            connection.Lifetime,
            IssuedAt = issuedAt.UtcDateTime,
            IConnectionStore.DisconnectMemory,
        };
        var command = new CommandDefinition(StoreSql, row, cancellationToken: cancel);
        var isOurs = await WithinAsync(IConnectionStore.StoreTimeout, AskTwiceAsync(database => database.BehindLockAsync<bool?>(command), cancel), cancel);
        return IConnectionStore.Result(isOurs);
    }

    public async Task<Connection?> SaveLateAsync(UserId userId, Guid grantId, long version, RefreshedTokens tokens, CancellationToken cancel)
    {
        var changes = new
        {
            UserId = userId.Value,
            GrantId = grantId,
            Version = version,
            AccessToken = tokens.AccessToken.Text,
            RefreshToken = tokens.RefreshToken?.Text,
            tokens.Scope,
            tokens.Lifetime,
            tokens.Age,
        };
        var command = new CommandDefinition(SaveLateSql, changes, cancellationToken: cancel);
        var row = await HoldAsync(connection => connection.QuerySingleOrDefaultAsync<Row>(command), cancel);
        return row?.ToConnection(userId);
    }
}
