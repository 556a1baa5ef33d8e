using FathomGateway.Audit;
using FathomGateway.Fathom;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tokens.Budget;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;

namespace FathomGateway.Tokens.Refresh;

/// <summary>What the holder of a lease does: one call to the provider, without a database connection, and what follows.</summary>
internal sealed partial class LeasedRefresh(
    ConnectionStore store, StoredAccessToken stored, TokenCipher cipher, ConnectionWriter writer, PendingTokens pending,
    PendingTokenDrain drain, TokenEndpointClient tokenEndpoint, TokenBudget budget, ClientCircuit circuit, GrantRevocation revocation,
    AuditLog audit, TimeProvider clock, ILogger<LeasedRefresh> log)
{
    /// <summary>After a failure of the provider's that says nothing about when it will be over.</summary>
    private static readonly TimeSpan ProviderPause = TimeSpan.FromSeconds(5);

    /// <param name="reading">The version that the lease was taken on.</param>
    /// <param name="asked">
    /// The clock's timestamp before the lease was asked for: it runs out no earlier than <see cref="RefreshLease.Duration"/> after.
    /// </param>
    /// <exception cref="ConnectionStoreUnavailableException">The database cannot serve.</exception>
    public async Task<AccessTokenResult> RefreshAsync(RefreshLease lease, ConnectionSnapshot reading, long asked)
    {
        var row = reading.Connection;
        if (row.RefreshToken is not { } sealedToken) return await RequireReconnectAsync(lease, ReconnectReason.NoRefreshToken);
        if (cipher.Open(sealedToken, row.UserId, TokenColumn.RefreshToken) is not { } refreshToken)
        {
            await ReleaseAsync(lease);
            return stored.Unreadable(row, clock.GetUtcNow());
        }

        if (await InsteadAsync(lease) is { } other) return other;
        // A process that was frozen meanwhile must not spend what another may be spending.
        if (!CoversACall(asked)) return await GiveUpAsync(lease, ProviderPause);
        var result = await tokenEndpoint.RefreshAsync(refreshToken, CancellationToken.None);
        if (IsInDoubt(result))
        {
            InDoubt(log, row.UserId.Value, Reason(result));
            if (await SettledMeanwhileAsync(lease) is { } settled) return settled;
            // One probe with the same token. If the first call was never acted on, it succeeds; if it was, the provider says invalid_grant,
            // which is final. A probe that is lost as well proves nothing: while the provider is away, nobody is to be disconnected for it.
            await budget.CountRefreshAsync();
            if (CoversACall(asked)) result = await tokenEndpoint.RefreshAsync(refreshToken, CancellationToken.None);
        }

        return await ConcludeAsync(lease, reading.State, result);
    }

    private async Task<AccessTokenResult> ConcludeAsync(RefreshLease lease, RefreshState state, TokenResult result)
    {
        switch (result)
        {
            case TokenResult.Granted granted:
                return await SaveAsync(lease, granted.Tokens);
            case TokenResult.Refused { Error: "invalid_grant" }:
                // Somebody may have won, or have connected anew, while the answer was on its way.
                return await SettledMeanwhileAsync(lease) ?? await PendingAsync(lease)
                    ?? await RequireReconnectAsync(lease, ReconnectReason.RefreshRefused);
            case TokenResult.Refused { Error: "invalid_client" or "unauthorized_client" } refused:
                Misconfigured(log, refused.Error);
                circuit.Open();
                return await GiveUpAsync(lease, ClientCircuit.Pause);
            case TokenResult.RateLimited limited:
                await budget.PauseAsync(limited.RetryAfter);
                return await GiveUpAsync(lease, limited.RetryAfter);
            case var refused when RefusedRefresh.IsOne(refused):
                NotRefreshed(log, lease.UserId.Value, Reason(refused));
                if (RefusedRefresh.IsForLong(state)) return await RequireReconnectAsync(lease, ReconnectReason.RefusedForLong);
                var pause = RefusedRefresh.Pause(state);
                await EndAsync(lease, () => store.NoteRefusalAsync(lease, pause, CancellationToken.None));
                return new AccessTokenResult.Unavailable(pause);
            default:
                NotRefreshed(log, lease.UserId.Value, Reason(result));
                // Where no answer came, the provider has said nothing else.
                await ReleaseAsync(lease, endsRefusals: result is TokenResult.Unavailable or TokenResult.Malformed);
                return new AccessTokenResult.Unavailable(ProviderPause);
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
        var now = await store.ReadAsync(lease.UserId, CancellationToken.None);
        // Where a row stands, it may be of the same grant at the provider, which revoking would end; without one, nobody holds these
        // tokens.
        if (now is null) await revocation.RevokeAsync(tokens);
        return stored.Since(lease, now) ?? new AccessTokenResult.Unavailable(ProviderPause);
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

    private async Task<AccessTokenResult> GiveUpAsync(RefreshLease lease, TimeSpan retryAfter)
    {
        await ReleaseAsync(lease);
        return new AccessTokenResult.Unavailable(retryAfter);
    }

    private Task ReleaseAsync(RefreshLease lease, bool endsRefusals = false) =>
        EndAsync(lease, () => store.ReleaseLeaseAsync(lease, endsRefusals, CancellationToken.None));

    private async Task EndAsync(RefreshLease lease, Func<Task> release)
    {
        try
        {
            await release();
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            // It runs out by itself.
            NotReleased(log, lease.UserId.Value, failure);
        }
    }

    private bool CoversACall(long asked) => clock.GetElapsedTime(asked) + ClientForm.Timeout < RefreshLease.Duration;
}
