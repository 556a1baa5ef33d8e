using FathomGateway.Audit;
using FathomGateway.Fathom;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;

namespace FathomGateway.Tokens.Refresh;

/// <summary>
/// Refreshes the tokens of a connection for the holder of its lease: calls the provider and processes the result. It holds no database
/// connection during the call.
/// </summary>
internal sealed partial class LeasedRefresh(
    ConnectionStore store, StoredAccessToken stored, TokenCipher cipher, ConnectionWriter writer, PendingTokens pending,
    PendingTokenDrain drain, TokenEndpointClient tokenEndpoint, TokenBudget budget, AuditLog audit,
    TimeProvider clock, ILogger<LeasedRefresh> log)
{
    /// <summary>When a caller may retry after a failure of the provider that does not say how long it lasts.</summary>
    private static readonly TimeSpan ProviderPause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long all refreshes pause after the provider has refused the client. It would refuse every refresh, and no user is marked for it.
    /// The pause is short enough that a secret corrected at the provider takes effect soon.
    /// </summary>
    private static readonly TimeSpan ClientPause = TimeSpan.FromSeconds(60);

    /// <param name="snapshot">The row with the version of the lease.</param>
    /// <param name="leaseRequestedAt">
    /// Timestamp from before the lease was taken. The lease expires no earlier than <see cref="RefreshLease.Duration"/> after it.
    /// </param>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public async Task<AccessTokenResult> RefreshAsync(RefreshLease lease, ConnectionSnapshot snapshot, long leaseRequestedAt)
    {
        var row = snapshot.Connection;
        if (row.RefreshToken is not { } sealedToken) return await RequireReconnectAsync(lease, ReconnectReason.NoRefreshToken);
        if (cipher.Open(sealedToken, row.UserId, TokenColumn.RefreshToken) is not { } refreshToken)
        {
            await ReleaseAsync(lease);
            return stored.Unreadable(snapshot);
        }

        if (await UseEarlierResultAsync(lease) is { } other) return other;
        // A process that was frozen meanwhile must not spend a token that another process may be spending.
        if (!CoversACall(leaseRequestedAt)) return await GiveUpAsync(lease, ProviderPause);
        var result = await tokenEndpoint.RefreshAsync(refreshToken, CancellationToken.None);
        if (result.IsInDoubt)
        {
            InDoubt(log, row.UserId.Value, result.Description);
            if (await FindNewerResultAsync(lease) is { } settled) return settled;
            // One probe with the same token. If the provider has not processed the first call, the probe succeeds. If it has, the answer is
            // invalid_grant, which is final. A second call without an answer proves nothing, and the user stays connected.
            await budget.CountRefreshAsync();
            if (CoversACall(leaseRequestedAt)) result = await tokenEndpoint.RefreshAsync(refreshToken, CancellationToken.None);
        }

        return await ConcludeAsync(lease, snapshot, result);
    }

    private async Task<AccessTokenResult> ConcludeAsync(RefreshLease lease, ConnectionSnapshot snapshot, TokenResult result)
    {
        switch (result)
        {
            case TokenResult.Granted granted:
                return await SaveAsync(lease, granted.Tokens);
            case TokenResult.Refused { Error: "invalid_grant" }:
                // Meanwhile another process may have refreshed the token, or the user may have connected again.
                return await FindNewerResultAsync(lease) ?? await UsePendingTokensAsync(lease)
                    ?? await RequireReconnectAsync(lease, ReconnectReason.RefreshRefused);
            case TokenResult.Refused { Error: "invalid_client" or "unauthorized_client" } refused:
                Misconfigured(log, refused.Error);
                budget.CloseFor(ClientPause);
                return await GiveUpAsync(lease, ClientPause);
            case TokenResult.RateLimited limited:
                await budget.PauseAsync(limited.RetryAfter);
                return await GiveUpAsync(lease, limited.RetryAfter);
            case var refused when RefusedRefresh.IsOne(refused):
                NotRefreshed(log, lease.UserId.Value, refused.Description);
                if (RefusedRefresh.IsForLong(snapshot)) return await RequireReconnectAsync(lease, ReconnectReason.RefusedForLong);
                var pause = RefusedRefresh.Pause(snapshot);
                await TryReleaseAsync(lease, () => store.NoteRefusalAsync(lease, pause, CancellationToken.None));
                return new AccessTokenResult.Unavailable(pause);
            default:
                NotRefreshed(log, lease.UserId.Value, result.Description);
                // Only an answer of the provider resets the count of refusals.
                return await GiveUpAsync(lease, ProviderPause, endsRefusals: result is TokenResult.Unavailable or TokenResult.Malformed);
        }
    }

    private async Task<AccessTokenResult> SaveAsync(RefreshLease lease, TokenSet tokens)
    {
        if (await writer.SaveAsync(lease, tokens) is { } row)
        {
            Refreshed(log, row.UserId.Value, row.Version);
            return new AccessTokenResult.Granted(tokens.AccessToken, row.ExpiresAt, row.Version);
        }

        FencedOut(log, lease.UserId.Value);
        return await FindNewerResultAsync(lease) ?? new AccessTokenResult.Unavailable(ProviderPause);
    }

    private async Task<AccessTokenResult> RequireReconnectAsync(RefreshLease lease, string reason)
    {
        if (await store.RequireReconnectAsync(lease, reason, CancellationToken.None) is not { Reconnect: { } reconnect })
        {
            return new AccessTokenResult.Unavailable(ProviderPause);
        }

        audit.ReconnectRequired(lease.UserId, reason);
        return new AccessTokenResult.MustReconnect(reconnect);
    }

    private bool CoversACall(long leaseRequestedAt) => clock.GetElapsedTime(leaseRequestedAt) + ClientForm.Timeout < RefreshLease.Duration;

    [LoggerMessage(Level = LogLevel.Information, Message = "The access token of user {UserId} is refreshed (version {Version}).")]
    private static partial void Refreshed(ILogger log, string userId, long version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The access token of user {UserId} could not be refreshed: {Reason}.")]
    private static partial void NotRefreshed(ILogger log, string userId, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "It is in doubt whether the provider has refreshed the token of user {UserId}: {Reason}.")]
    private static partial void InDoubt(ILogger log, string userId, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A refresh of user {UserId} came too late: a disconnect, a newer connect or another refresh was first.")]
    private static partial void FencedOut(ILogger log, string userId);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The lease on the connection of user {UserId} could not be released; it will expire.")]
    private static partial void NotReleased(ILogger log, string userId, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The provider refuses this client ({Error}): check FATHOM_CLIENT_ID, FATHOM_CLIENT_SECRET and FATHOM_CLIENT_AUTH. "
            + "No token can be refreshed until then. No user is disconnected for it.")]
    private static partial void Misconfigured(ILogger log, string error);
}
