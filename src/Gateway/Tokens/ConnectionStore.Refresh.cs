using FathomGateway.Tokens.Databases;
using FathomGateway.Tokens.Refresh;

namespace FathomGateway.Tokens;

/// <summary>
/// Refreshing by lease. Grant and version are the fence: whoever saves names the tokens that theirs come from, and whoever comes late
/// changes nothing. The lease's owner only keeps others from calling the provider meanwhile.
/// </summary>
internal sealed partial class ConnectionStore
{
    /// <summary>One user forces three refreshes in this time at most: an API that refuses any token must not spend all calls.</summary>
    public static readonly TimeSpan ForcedWindow = TimeSpan.FromMinutes(1);

    private const string Fence = "user_id = @UserId AND grant_id = @GrantId AND version = @Version";
    private const string NoLease = "lease_owner = NULL, lease_until = NULL";
    private const string NoRefusals = "refused_since = NULL, refusals = 0, retry_at = NULL";

    /// <summary>What new tokens put an end to.</summary>
    private const string Cleared = $"{NoLease}, {NoRefusals}, reconnect_reason = NULL, reconnect_at = NULL";

    private readonly string _takeSql = $"""
        UPDATE fathom_connections SET
            lease_owner = @Owner, lease_until = {database.Now} + @Duration,
            third_last_forced_at = CASE WHEN @Forced THEN second_last_forced_at ELSE third_last_forced_at END,
            second_last_forced_at = CASE WHEN @Forced THEN last_forced_at ELSE second_last_forced_at END,
            last_forced_at = CASE WHEN @Forced THEN {database.Now} ELSE last_forced_at END
        WHERE {Fence} AND reconnect_reason IS NULL AND (lease_until IS NULL OR lease_until < {database.Now} OR lease_owner = @Owner)
        """;

    private readonly string _saveSql = $"""
        UPDATE fathom_connections SET
            version = version + 1, access_token = @AccessToken, refresh_token = COALESCE(@RefreshToken, refresh_token),
            scope = COALESCE(@Scope, scope), issued_at = moment - @Age, expires_at = moment - @Age + @Lifetime,
            updated_at = moment, {Cleared}
        FROM (SELECT {database.Now} AS moment) AS clock
        WHERE {Fence} RETURNING {Columns}
        """;

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
    /// Takes the lease where the row is of its version, can be refreshed, and is held by nobody or by somebody whose time is up. Repeating
    /// it is safe: the owner whose answer was lost is let in again.
    /// </summary>
    /// <param name="forced">Whether a caller forces it: that is counted, see <see cref="RefreshState.MayBeForced"/>.</param>
    /// <returns>Whether it was taken.</returns>
    public async Task<bool> TakeLeaseAsync(RefreshLease lease, bool forced, CancellationToken cancel)
    {
        database.EnsureRoom();
        SqlParameters taken = new(lease.ToParameters()) { ["Duration"] = RefreshLease.Duration, ["Forced"] = forced };
        return await database.ExecuteAsync(_takeSql, taken, cancel) > 0;
    }

    /// <summary>
    /// Saves refreshed tokens, counts the version up and ends the lease, whoever holds it by now: only the tokens of the version that they
    /// come from are replaced. A row that was marked meanwhile because its refresh token was refused, which it is once it is spent, is
    /// mended by them.
    /// </summary>
    /// <returns>The row as it is now, or null where it is of another grant or version: nothing is written then.</returns>
    public Task<Connection?> SaveAsync(RefreshFence fence, RefreshedTokens tokens, CancellationToken cancel) => ChangeRowAsync(
        _saveSql,
        new(fence.ToParameters())
        {
            ["AccessToken"] = tokens.AccessToken,
            ["RefreshToken"] = tokens.RefreshToken,
            ["Scope"] = tokens.Scope,
            ["Lifetime"] = tokens.Lifetime,
            ["Age"] = tokens.Age,
        },
        wasMarked => wasMarked ? ConnectionEventType.Recovered : null,
        cancel);

    /// <summary>Notes that only the user can mend the connection, and ends the lease. The tokens stay as they are.</summary>
    /// <param name="reason">One of <see cref="ReconnectReason"/>.</param>
    /// <returns>The row as it is now, or null where the lease is no longer the row's: nothing is written then.</returns>
    public Task<Connection?> RequireReconnectAsync(RefreshLease lease, string reason, CancellationToken cancel) => ChangeRowAsync(
        _reconnectSql,
        new(lease.ToParameters()) { ["Reason"] = reason },
        _ => ConnectionEventType.ReconnectRequired,
        cancel);

    /// <summary>Notes a refusal that is not final, lets nobody send the refresh for a while, and ends the lease.</summary>
    public Task NoteRefusalAsync(RefreshLease lease, TimeSpan pause, CancellationToken cancel) => database.ExecuteAsync(
        _refusedSql, new(lease.ToParameters()) { ["Pause"] = pause }, cancel);

    /// <summary>Gives the lease back with nothing changed; does nothing where it is no longer the row's.</summary>
    /// <param name="endsRefusals">Whether the provider has said something else than a refusal: the count of refusals begins anew.</param>
    public Task ReleaseLeaseAsync(RefreshLease lease, bool endsRefusals, CancellationToken cancel) =>
        database.ExecuteAsync(endsRefusals ? _answeredSql : _releaseSql, lease.ToParameters(), cancel);
}
