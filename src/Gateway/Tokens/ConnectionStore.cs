using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Keeps one connection a user: one row of <c>fathom_connections</c>, in PostgreSQL or SQLite.</summary>
/// <remarks>Every member throws <see cref="ConnectionStoreUnavailableException"/> when the database cannot serve in time.</remarks>
/// <param name="events">Null where <c>EVENTS_URL</c> is not set.</param>
internal sealed partial class ConnectionStore(Database database, ConnectionEvents? events = null)
{
    /// <summary>
    /// How long a disconnect is remembered: longer than any outage after which tokens should still be stored. Tokens that were issued
    /// earlier are not stored, because it is unknown whether the user has disconnected since.
    /// </summary>
    public static readonly TimeSpan DisconnectRetention = TimeSpan.FromDays(1);

    /// <summary>SQL: the columns that <see cref="Connection.Read"/> reads.</summary>
    private const string Columns = """
        user_id AS UserId, grant_id AS GrantId, version AS Version, access_token AS AccessToken, refresh_token AS RefreshToken,
        scope AS Scope, connected_at AS ConnectedAt, issued_at AS IssuedAt, expires_at AS ExpiresAt,
        reconnect_reason AS ReconnectReason, reconnect_at AS ReconnectAt
        """;

    private const string GrantSql = "SELECT grant_id AS GrantId FROM fathom_connections WHERE user_id = @UserId";

    private readonly string _readSql = ReadSql(database, "user_id = @UserId");

    private readonly string _momentSql =
        $"SELECT {database.Now} AS Now, (SELECT connected_at FROM fathom_connections WHERE user_id = @UserId) AS ConnectedAt";

    /// <summary>
    /// Times in the future are ignored. They were written before the clock was set back, or by a former primary whose clock was ahead.
    /// </summary>
    private readonly string _storeSql = $"""
        INSERT INTO fathom_connections AS mine
            (user_id, grant_id, version, access_token, refresh_token, scope, connected_at, issued_at, expires_at, updated_at)
        SELECT @UserId, @GrantId, 1, @AccessToken, @RefreshToken, @Scope, issued, issued, issued + @Lifetime, moment
        FROM (
            SELECT moment, CASE WHEN @IssuedAt < moment THEN @IssuedAt ELSE moment END AS issued
            FROM (SELECT {database.Now} AS moment) AS clock) AS issue
        WHERE @IssuedAt > moment - @DisconnectRetention AND NOT EXISTS (
            SELECT 1 FROM fathom_disconnects WHERE user_id = @UserId AND disconnected_at BETWEEN @IssuedAt AND moment)
        ON CONFLICT (user_id) DO UPDATE SET
            grant_id = excluded.grant_id, version = mine.version + 1, access_token = excluded.access_token,
            refresh_token = excluded.refresh_token, scope = excluded.scope, connected_at = excluded.connected_at,
            issued_at = excluded.issued_at, expires_at = excluded.expires_at, updated_at = excluded.updated_at, {Cleared}
        WHERE mine.grant_id <> excluded.grant_id AND mine.connected_at NOT BETWEEN @IssuedAt AND {database.Now}
        RETURNING {Columns}
        """;

    /// <summary>Times in the future are ignored here, too.</summary>
    private readonly string _deleteSql = $"""
        INSERT INTO fathom_disconnects AS mine (user_id, disconnected_at) VALUES (@UserId, {database.Now} - @Age)
        ON CONFLICT (user_id) DO UPDATE SET disconnected_at = excluded.disconnected_at
        WHERE mine.disconnected_at NOT BETWEEN excluded.disconnected_at AND {database.Now};
        DELETE FROM fathom_connections
        WHERE user_id = @UserId AND NOT (connected_at > {database.Now} - @Age AND connected_at <= {database.Now})
        RETURNING {Columns}
        """;

    /// <inheritdoc cref="Database.EnsureWritableAsync"/>
    public Task EnsureWritableAsync(CancellationToken cancel) => database.EnsureWritableAsync(cancel);

    /// <summary>
    /// Stores the tokens of a connect in place of the user's former connection. Stores nothing if the user has connected or disconnected
    /// since the tokens were issued: the database may still execute an attempt that was given up, at any later time. A repetition changes
    /// nothing.
    /// </summary>
    public async Task<StoreResult> StoreAsync(IssuedTokens tokens, CancellationToken cancel)
    {
        var parameters = tokens.ToParameters().With("DisconnectRetention", DisconnectRetention);
        var stored = await ChangeAsync(
            Database.UserLock,
            _storeSql,
            parameters,
            row => row.Version == 1 ? ConnectionEventType.Connected : ConnectionEventType.Reconnected,
            Database.StoreTimeout,
            cancel);
        if (stored is not null) return StoreResult.Stored;
        var grant = await database.FindAsync<Guid?>(GrantSql, parameters, row => row.GetGuid(0), cancel);
        return grant is null ? StoreResult.Disconnected : grant == tokens.GrantId ? StoreResult.Stored : StoreResult.Overtaken;
    }

    public async Task<Connection?> FindAsync(UserId userId, CancellationToken cancel) => (await ReadAsync(userId, cancel))?.Connection;

    /// <summary>
    /// The user's connection with its refresh state and the database's clock, by the primary key; null where there is none.
    /// </summary>
    public Task<ConnectionSnapshot?> ReadAsync(UserId userId, CancellationToken cancel) =>
        database.FindPreparedAsync(_readSql, new() { ["UserId"] = userId }, ConnectionSnapshot.Read, cancel);

    /// <summary>The database's clock, and when the user's connection was made, if there is one.</summary>
    public Task<(DateTimeOffset Now, DateTimeOffset? ConnectedAt)> MomentAsync(UserId userId, CancellationToken cancel) =>
        database.FindAsync(
            _momentSql, new() { ["UserId"] = userId }, row => (row.GetTime("Now"), row.GetTimeOrNull("ConnectedAt")), cancel);

    /// <summary>
    /// Deletes the user's connection and records the time. Tokens that were issued earlier and wait to be stored are then not stored.
    /// </summary>
    /// <remarks>It has no time limit, because the deleted tokens exist nowhere else and still have to be revoked.</remarks>
    /// <param name="deleting">
    /// Called with the row before the commit. Where the answer to the commit is lost, <see cref="HasGrantAsync"/> tells whether the row is
    /// deleted.
    /// </param>
    /// <param name="age">
    /// Returns how long ago the user asked for it; null for now. A connection that was made since then stays: later actions of the user
    /// take precedence.
    /// </param>
    /// <returns>The deleted row; null where there was none.</returns>
    public Task<Connection?> DeleteAsync(
        UserId userId, CancellationToken cancel, Action<Connection?>? deleting = null, Func<TimeSpan>? age = null)
    {
        SqlParameters parameters = new() { ["UserId"] = userId };
        return ChangeAsync(
            Database.UserLock,
            _deleteSql,
            parameters,
            _ => ConnectionEventType.Disconnected,
            Timeout.InfiniteTimeSpan,
            cancel,
            deleting,
            () => parameters["Age"] = age?.Invoke() ?? TimeSpan.Zero);
    }

    /// <summary>
    /// Whether the user's row has this grant. The lock waits for a transaction of the user that has not ended, such as one whose answer was
    /// lost.
    /// </summary>
    public async Task<bool> HasGrantAsync(UserId userId, Guid grantId, CancellationToken cancel)
    {
        SqlParameters parameters = new() { ["UserId"] = userId };
        return grantId == await database.LockAsync(
            Database.UserLock,
            parameters,
            (connection, transaction) =>
                connection.FindAsync<Guid?>(GrantSql, parameters, row => row.GetGuid(0), transaction, cancel),
            Database.StoreTimeout,
            cancel);
    }

    /// <summary>SQL: a query with the columns that <see cref="ConnectionSnapshot.Read"/> reads.</summary>
    private static string ReadSql(Database database, string condition) => $"""
        SELECT {Columns}, {database.Now} AS Now, lease_owner AS LeaseOwner, lease_until AS LeaseUntil, refused_since AS RefusedSince,
            refusals AS Refusals, retry_at AS RetryAt, third_last_forced_at AS ThirdLastForcedAt
        FROM fathom_connections WHERE {condition}
        """;
}
