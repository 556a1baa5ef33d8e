using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Refresh;

namespace FathomGateway.Tokens;

/// <summary>
/// The refresh by lease. Grant and version act as a fencing token: a save names the version that its tokens come from, and changes no other
/// version. The owner of the lease only keeps other replicas from calling the provider.
/// </summary>
internal sealed partial class ConnectionStore
{
    /// <summary>A user can force three refreshes within this time. An API that refuses every token must not use up the budget.</summary>
    public static readonly TimeSpan ForcedWindow = TimeSpan.FromMinutes(1);

    private const string Fence = "user_id = @UserId AND grant_id = @GrantId AND version = @Version";
    private const string NoLease = "lease_owner = NULL, lease_until = NULL";
    private const string NoRefusals = "refused_since = NULL, refusals = 0, retry_at = NULL";

    /// <summary>Columns that new tokens reset.</summary>
    private const string Cleared = $"{NoLease}, {NoRefusals}, reconnect_reason = NULL, reconnect_at = NULL";

    private readonly string _takeSql = $"""
        UPDATE fathom_connections SET
            lease_owner = @Owner, lease_until = {database.Now} + @Duration,
            third_last_forced_at = CASE WHEN @Forced THEN second_last_forced_at ELSE third_last_forced_at END,
            second_last_forced_at = CASE WHEN @Forced THEN last_forced_at ELSE second_last_forced_at END,
            last_forced_at = CASE WHEN @Forced THEN {database.Now} ELSE last_forced_at END
        WHERE {Fence} AND reconnect_reason IS NULL AND (lease_until IS NULL OR lease_until < {database.Now} OR lease_owner = @Owner)
        """;

    private readonly string _saveSql = SaveSql(database, Fence);

    private readonly string _saveUnmarkedSql = SaveSql(database, $"{Fence} AND reconnect_reason IS NULL");

    private readonly string _reconnectSql = $"""
        UPDATE fathom_connections SET reconnect_reason = @Reason, reconnect_at = {database.Now}, updated_at = {database.Now}, {NoLease}
        WHERE {Fence} AND lease_owner = @Owner RETURNING {Columns}
        """;

    private readonly string _refusedSql = $"""
        UPDATE fathom_connections SET
            refused_since = COALESCE(refused_since, {database.Now}), refusals = refusals + 1, retry_at = {database.Now} + @Pause, {NoLease}
        WHERE {Fence} AND lease_owner = @Owner
        """;

    private readonly string _releaseSql = $"UPDATE fathom_connections SET {NoLease} WHERE {Fence} AND lease_owner = @Owner";

    private readonly string _answeredSql = $"UPDATE fathom_connections SET {NoLease}, {NoRefusals} WHERE {Fence} AND lease_owner = @Owner";

    /// <summary>
    /// Takes (acquires) the lease if the row has its version, can be refreshed, and has no other valid lease. A repetition is safe: an
    /// owner whose answer was lost gets the lease again.
    /// </summary>
    /// <param name="forced">
    /// Whether a caller forces the refresh. Forced refreshes are counted (<see cref="ConnectionSnapshot.MayBeForced"/>).
    /// </param>
    /// <returns>Whether the lease was taken.</returns>
    public async Task<bool> TakeLeaseAsync(RefreshLease lease, bool forced, CancellationToken cancel)
    {
        database.EnsureDiskSpace();
        var taken = lease.ToParameters().With("Duration", RefreshLease.Duration).With("Forced", forced);
        return await database.ExecuteAsync(_takeSql, taken, cancel) > 0;
    }

    /// <summary>
    /// Saves refreshed tokens, increments the version, and ends the lease of any holder. The tokens replace only the version that they come
    /// from. They also clear a reconnect mark: another process may have been refused with the spent refresh token meanwhile.
    /// </summary>
    /// <returns>The saved row; null where the row has another grant or version. Nothing is written then.</returns>
    public async Task<Connection?> SaveAsync(IssuedTokens tokens, CancellationToken cancel)
    {
        var parameters = tokens.ToParameters();
        // Only a save that clears a reconnect mark writes an event. The first statement saves a row without a mark, the second one a marked
        // row. Neither finds a row whose version has changed.
        if (events is not null && await ChangeRowAsync(_saveUnmarkedSql, parameters, null, cancel) is { } saved) return saved;
        return await ChangeRowAsync(_saveSql, parameters, ConnectionEventType.Recovered, cancel);
    }

    /// <summary>Marks that the user has to connect again. Ends the lease and keeps the tokens.</summary>
    /// <param name="reason">One of <see cref="ReconnectReason"/>.</param>
    /// <returns>The marked row; null where the row has another lease. Nothing is written then.</returns>
    public Task<Connection?> RequireReconnectAsync(RefreshLease lease, string reason, CancellationToken cancel) => ChangeRowAsync(
        _reconnectSql,
        lease.ToParameters().With("Reason", reason),
        ConnectionEventType.ReconnectRequired,
        cancel);

    /// <summary>Counts a refusal that is not final, pauses the user's refreshes, and ends the lease.</summary>
    public Task NoteRefusalAsync(RefreshLease lease, TimeSpan pause, CancellationToken cancel) => database.ExecuteAsync(
        _refusedSql, lease.ToParameters().With("Pause", pause), cancel);

    /// <summary>Ends the lease and changes nothing else, if it is the row's lease.</summary>
    /// <param name="endsRefusals">Whether the provider's answer was no refusal. It resets the count of refusals.</param>
    public Task ReleaseLeaseAsync(RefreshLease lease, bool endsRefusals, CancellationToken cancel) =>
        database.ExecuteAsync(endsRefusals ? _answeredSql : _releaseSql, lease.ToParameters(), cancel);

    private static string SaveSql(Database database, string condition) => $"""
        UPDATE fathom_connections SET
            version = version + 1, access_token = @AccessToken, refresh_token = COALESCE(@RefreshToken, refresh_token),
            scope = COALESCE(@Scope, scope), issued_at = moment - @Age, expires_at = moment - @Age + @Lifetime,
            updated_at = moment, {Cleared}
        FROM (SELECT {database.Now} AS moment) AS clock
        WHERE {condition} RETURNING {Columns}
        """;
}
