using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Tokens;

/// <summary>Keeps one connection a user: one row of <c>fathom_connections</c>, in PostgreSQL or SQLite.</summary>
/// <remarks>Every member throws <see cref="ConnectionStoreUnavailableException"/> when the database cannot serve in time.</remarks>
/// <param name="events">Null where no change is told of.</param>
internal sealed partial class ConnectionStore(Database database, ConnectionEvents? events = null)
{
    /// <summary>
    /// How long a disconnect is remembered: longer than any outage after which tokens should still be stored. What was issued earlier than
    /// that is stored no more, as nobody knows whether it is wanted.
    /// </summary>
    public static readonly TimeSpan DisconnectMemory = TimeSpan.FromDays(1);

    /// <summary>What <see cref="Connection.Read"/> reads.</summary>
    private const string Columns = """
        user_id AS UserId, grant_id AS GrantId, version AS Version, access_token AS AccessToken, refresh_token AS RefreshToken,
        scope AS Scope, connected_at AS ConnectedAt, issued_at AS IssuedAt, expires_at AS ExpiresAt,
        reconnect_reason AS ReconnectReason, reconnect_at AS ReconnectAt
        """;

    private const string GrantSql = "SELECT grant_id AS GrantId FROM fathom_connections WHERE user_id = @UserId";

    private readonly string _readSql = ReadSql(database, "user_id = @UserId");

    private readonly string _momentSql =
        $"SELECT {database.Now} AS Now, (SELECT connected_at FROM fathom_connections WHERE user_id = @UserId) AS ConnectedAt";

    /// <summary>What lies in the future was noted before the clock was set back, or by a primary that was ahead: it beats nobody.</summary>
    private readonly string _storeSql = $"""
        INSERT INTO fathom_connections AS mine
            (user_id, grant_id, version, access_token, refresh_token, scope, connected_at, issued_at, expires_at, updated_at)
        SELECT @UserId, @GrantId, 1, @AccessToken, @RefreshToken, @Scope, issued, issued, issued + @Lifetime, moment
        FROM (
            SELECT moment, CASE WHEN @IssuedAt < moment THEN @IssuedAt ELSE moment END AS issued
            FROM (SELECT {database.Now} AS moment) AS clock) AS issue
        WHERE @IssuedAt > moment - @DisconnectMemory AND NOT EXISTS (
            SELECT 1 FROM fathom_disconnects WHERE user_id = @UserId AND disconnected_at BETWEEN @IssuedAt AND moment)
        ON CONFLICT (user_id) DO UPDATE SET
            grant_id = excluded.grant_id, version = mine.version + 1, access_token = excluded.access_token,
            refresh_token = excluded.refresh_token, scope = excluded.scope, connected_at = excluded.connected_at,
            issued_at = excluded.issued_at, expires_at = excluded.expires_at, updated_at = excluded.updated_at, {Cleared}
        WHERE mine.grant_id <> excluded.grant_id AND mine.connected_at NOT BETWEEN @IssuedAt AND {database.Now}
        RETURNING {Columns}
        """;

    private readonly string _deleteSql = $"""
        INSERT INTO fathom_disconnects (user_id, disconnected_at) VALUES (@UserId, {database.Now})
        ON CONFLICT (user_id) DO UPDATE SET disconnected_at = excluded.disconnected_at;
        DELETE FROM fathom_connections WHERE user_id = @UserId RETURNING {Columns}
        """;

    /// <inheritdoc cref="Database.EnsureWritableAsync"/>
    public Task EnsureWritableAsync(CancellationToken cancel) => database.EnsureWritableAsync(cancel);

    /// <summary>
    /// Stores the connection in place of the user's former one, unless the user has done something since its tokens were issued: an attempt
    /// that was given up may be carried out at any time later. Repeating it with the same grant changes nothing.
    /// </summary>
    /// <param name="issuedAt">When the tokens were issued, by the database's clock: since when the user is connected.</param>
    public async Task<StoreResult> StoreAsync(NewConnection connection, DateTimeOffset issuedAt, CancellationToken cancel)
    {
        SqlParameters row = new()
        {
            ["UserId"] = connection.UserId,
            ["GrantId"] = connection.GrantId,
            ["AccessToken"] = connection.AccessToken,
            ["RefreshToken"] = connection.RefreshToken,
            ["Scope"] = connection.Scope,
            ["Lifetime"] = connection.Lifetime,
            ["IssuedAt"] = issuedAt,
            ["DisconnectMemory"] = DisconnectMemory,
        };
        var stored = await ChangeUserAsync(
            _storeSql,
            row,
            changed => changed.Version == 1 ? ConnectionEventType.Connected : ConnectionEventType.Reconnected,
            Database.StoreTimeout,
            cancel);
        if (stored is not null) return StoreResult.Stored;
        var stands = await database.FindAsync<Guid?>(GrantSql, row, one => one.GetGuid(0), cancel);
        return stands is null ? StoreResult.Disconnected : stands == connection.GrantId ? StoreResult.Stored : StoreResult.Overtaken;
    }

    public async Task<Connection?> FindAsync(UserId userId, CancellationToken cancel) => (await ReadAsync(userId, cancel))?.Connection;

    /// <summary>The user's connection, the database's clock and what its refreshes are at, or null: one read by the primary key.</summary>
    public Task<ConnectionSnapshot?> ReadAsync(UserId userId, CancellationToken cancel) => database.ReadInLineAsync(
        connection => connection.FindAsync(_readSql, new() { ["UserId"] = userId }, ConnectionSnapshot.Read, cancel: cancel), cancel);

    /// <summary>The database's clock, and since when the user has the connection that stands, if any.</summary>
    public async Task<ConnectionMoment> MomentAsync(UserId userId, CancellationToken cancel) =>
        (await database.FindAsync(_momentSql, new() { ["UserId"] = userId }, ConnectionMoment.Read, cancel))!;

    /// <summary>
    /// Deletes the user's connection and returns what it was, or null where there was none. Notes down when that was, so that tokens which
    /// were issued before and could not be stored yet are not stored after it.
    /// </summary>
    /// <remarks>The caller sets the time: what is deleted is nowhere else, and must not be lost to a limit.</remarks>
    public Task<Connection?> DeleteAsync(UserId userId, CancellationToken cancel) =>
        ChangeUserAsync(_deleteSql, new() { ["UserId"] = userId }, _ => ConnectionEventType.Disconnected, Timeout.InfiniteTimeSpan, cancel);

    /// <summary>What <see cref="ConnectionSnapshot.Read"/> reads.</summary>
    private static string ReadSql(Database database, string condition) => $"""
        SELECT {Columns}, {database.Now} AS Now, lease_owner AS LeaseOwner, lease_until AS LeaseUntil, refused_since AS RefusedSince,
            refusals AS Refusals, retry_at AS RetryAt, third_last_forced_at AS ThirdLastForcedAt,
            (SELECT paused_until FROM fathom_token_pause) AS PausedUntil
        FROM fathom_connections WHERE {condition}
        """;
}
