using FathomGateway.Audit;
using FathomGateway.Connect.Binding;
using FathomGateway.Connect.Clients;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Fathom;
using FathomGateway.State;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Budget;
using FathomGateway.Users;

namespace FathomGateway.Connect.Callback;

/// <summary>From a code to a stored connection: the last two steps, which a callback and a confirmation have in common.</summary>
internal sealed partial class CodeExchange(
    TokenEndpointClient tokenEndpoint, TokenBudget budget, ConnectionStore connections, ConnectionWriter writer, SenderDigest digest,
    LinkBindingOptions link, AuditLog audit, TimeProvider clock, ILogger<CodeExchange> log)
{
    /// <summary>
    /// When the browser is answered at the latest, counted from here: right after the redeem. With the two seconds in which the outcome is
    /// noted down these are the fifteen that other deliveries of the callback wait for it.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(13);

    /// <summary>Left for the save after an exchange that took its full ten seconds: far more than a database that serves needs.</summary>
    private static readonly TimeSpan ShortestSave = TimeSpan.FromSeconds(1);

    /// <summary>The rest. The database has just answered; whatever takes longer than this is a fault.</summary>
    private static readonly TimeSpan LongestMoment = TimeSpan.FromSeconds(2);

    /// <summary>How far the database's clock is ahead of ours, in ticks.</summary>
    private long _ticksAhead;

    /// <param name="state">The redeemed record: whose connection this is.</param>
    /// <param name="sender">Who brought the code, for the record.</param>
    public async Task<CallbackOutcome> CompleteAsync(string code, AuthorizationState state, ClientInfo sender)
    {
        var begun = clock.GetTimestamp();
        var before = await MomentAsync(state.UserId);

        // The code works once (RFC 6749, section 4.1.2): it is sent once, whatever comes back. It counts in the app's budget of token
        // calls, and does not wait for the counting.
        _ = budget.CountExchangeAsync(state.UserId);
        var result = await tokenEndpoint.ExchangeAsync(code, state.CodeVerifier, CancellationToken.None);
        if (result is not TokenResult.Granted granted) return await NotGrantedAsync(result, state.UserId);

        // "Connected" is said after the commit, never before. If that takes too long, the browser is told so, and the saving goes on
        // without it.
        var left = LongestWait - clock.GetElapsedTime(begun);
        StoreResult stored;
        try
        {
            // The moment of the redeem orders what a user does: an attempt whose exchange takes longer, or whose process is stopped
            // meanwhile, must not take the place of a later one.
            stored = await writer.StoreAsync(state.UserId, granted.Tokens, before.Now, left > ShortestSave ? left : ShortestSave);
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            NotStored(log, state.UserId.Value, failure);
            return CallbackOutcome.TemporarilyUnavailable;
        }

        // The user has disconnected, or connected once more, while this connect was under way.
        if (stored == StoreResult.Disconnected) return CallbackOutcome.TemporarilyUnavailable;
        if (stored == StoreResult.Overtaken) return CallbackOutcome.Connected;
        Connected(log, state.UserId.Value);
        audit.Linked(state.UserId, before.ConnectedAt, link.Binding.ToString(), sender.ComparedTo(state, digest));
        return CallbackOutcome.Connected;
    }

    /// <summary>
    /// The database's clock, which orders what a user does, and the connection that this one replaces, for the audit log. The database has
    /// just answered; if it is away again, our own clock must do, set by what the database's said last.
    /// </summary>
    private async Task<ConnectionMoment> MomentAsync(UserId userId)
    {
        try
        {
            var moment = await connections.MomentAsync(userId, CancellationToken.None).WaitAsync(LongestMoment, clock);
            Volatile.Write(ref _ticksAhead, (moment.Now - clock.GetUtcNow()).Ticks);
            return moment;
        }
        catch (Exception failure) when (failure is ConnectionStoreUnavailableException or TimeoutException)
        {
            return new ConnectionMoment(clock.GetUtcNow().AddTicks(Volatile.Read(ref _ticksAhead)), null);
        }
    }
}
