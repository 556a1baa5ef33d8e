using FathomGateway.Audit;
using FathomGateway.Connect.Binding;
using FathomGateway.Connect.Clients;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.State;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Budget;
using FathomGateway.Users;

namespace FathomGateway.Connect.Callback;

/// <summary>Exchanges a code and stores the tokens: the last steps of a callback and of a confirmation.</summary>
internal sealed partial class CodeExchange(
    TokenEndpointClient tokenEndpoint, TokenBudget budget, ConnectionStore connections, ConnectionWriter writer, SenderDigest digest,
    LinkBindingOptions link, AuditLog audit, TimeProvider clock, ILogger<CodeExchange> log)
{
    /// <summary>
    /// Time limit of the browser's response, from right after the redeem. With the two seconds for recording the outcome this is the 15 s
    /// that other deliveries wait.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(13);

    /// <summary>Shortest time for the save, after the longest read and exchange. A working database needs far less.</summary>
    private static readonly TimeSpan MinSaveTime = TimeSpan.FromSeconds(1);

    /// <summary>Time limit of <see cref="MomentAsync"/>. The database has just answered, so a longer read is a fault.</summary>
    private static readonly TimeSpan MomentTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How far the database's clock is ahead of this machine's, in ticks.</summary>
    private long _ticksAhead;

    /// <param name="state">The redeemed record, which names the user.</param>
    /// <param name="sender">The client that delivered the code, for the audit log.</param>
    public async Task<CallbackOutcome> CompleteAsync(string code, AuthorizationState state, ClientInfo sender)
    {
        var begun = clock.GetTimestamp();
        var before = await MomentAsync(state.UserId);

        // The code works once (RFC 6749, section 4.1.2), so it is sent once. It counts in the budget of token calls without waiting for it.
        _ = budget.CountExchangeAsync(state.UserId);
        var result = await tokenEndpoint.ExchangeAsync(code, state.CodeVerifier, CancellationToken.None);
        if (result is not TokenResult.Granted granted) return await NotGrantedAsync(result, state.UserId);

        // Report "connected" only after the commit. If the commit takes too long, the browser gets an error and the save continues without
        // it.
        var left = MaxWait - clock.GetElapsedTime(begun);
        StoreResult stored;
        try
        {
            // The time of the redeem orders a user's attempts. An attempt with a longer exchange, or of a stopped process, must not replace
            // a later one.
            stored = await writer.StoreAsync(state.UserId, granted.Tokens, before.Now, left > MinSaveTime ? left : MinSaveTime);
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            NotStored(log, state.UserId.Value, failure);
            return CallbackOutcome.TemporarilyUnavailable;
        }

        // The user disconnected or connected again while this connect was in progress.
        if (stored == StoreResult.Disconnected) return CallbackOutcome.TemporarilyUnavailable;
        if (stored == StoreResult.Overtaken) return CallbackOutcome.Connected;
        Connected(log, state.UserId.Value);
        audit.Linked(state.UserId, before.ConnectedAt, link.Binding.ToString(), sender.ComparedTo(state, digest));
        return CallbackOutcome.Connected;
    }

    /// <summary>
    /// Reads the database's clock, which orders a user's actions, and the connection that will be replaced, for the audit log. If the
    /// database is unavailable again, this machine's clock is used, corrected by the last known difference.
    /// </summary>
    private async Task<(DateTimeOffset Now, DateTimeOffset? ConnectedAt)> MomentAsync(UserId userId)
    {
        try
        {
            var moment = await connections.MomentAsync(userId, CancellationToken.None).WaitAsync(MomentTimeout, clock);
            Volatile.Write(ref _ticksAhead, (moment.Now - clock.GetUtcNow()).Ticks);
            return moment;
        }
        catch (Exception failure) when (failure is ConnectionStoreUnavailableException or TimeoutException)
        {
            return (clock.GetUtcNow().AddTicks(Volatile.Read(ref _ticksAhead)), null);
        }
    }
}
