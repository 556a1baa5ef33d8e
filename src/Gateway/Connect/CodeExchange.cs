using FathomGateway.Audit;
using FathomGateway.Fathom;
using FathomGateway.State;
using FathomGateway.Tokens;
using FathomGateway.Users;

namespace FathomGateway.Connect;

/// <summary>From a code to a stored connection: the last two steps, which a callback and a confirmation have in common.</summary>
internal sealed partial class CodeExchange(
    TokenEndpointClient tokenEndpoint, TokenBudget budget, IConnectionStore connections, ConnectionWriter writer, SenderDigest digest, LinkOptions link, AuditLog audit,
    TimeProvider clock, ILogger<CodeExchange> log)
{
    /// <param name="state">The redeemed record: whose connection this is.</param>
    /// <param name="sender">Who brought the code, for the record.</param>
    public async Task<CallbackOutcome> CompleteAsync(string code, AuthorizationState state, Sender sender)
    {
        var before = await MomentAsync(state.UserId);
        var asked = clock.GetTimestamp();

        // The code works once (RFC 6749, section 4.1.2): it is sent once, whatever comes back. It counts in the app's budget of token
        // calls, and does not wait for the counting.
        _ = budget.CountAsync(CancellationToken.None);
        var result = await tokenEndpoint.ExchangeAsync(code, state.CodeVerifier, CancellationToken.None);
        if (result is not TokenResult.Granted granted) return await NotGrantedAsync(result, state.UserId);

        // "Connected" is said after the commit, never before.
        try
        {
            var stored = await writer.StoreAsync(state.UserId, granted.Tokens, before.Now + clock.GetElapsedTime(asked));
            if (!stored) return CallbackOutcome.TemporarilyUnavailable;
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            NotStored(log, state.UserId.Value, failure);
            return CallbackOutcome.TemporarilyUnavailable;
        }

        Connected(log, state.UserId.Value);
        audit.Linked(state.UserId, before.ConnectedAt, link.Binding.ToString(), sender.ComparedTo(state, digest));
        return CallbackOutcome.Connected;
    }

    /// <summary>The database's clock, which orders what a user does, and the connection that this one replaces, for the audit log. The database has just answered; if it is away again, our own clock must do.</summary>
    private async Task<ConnectionMoment> MomentAsync(UserId userId)
    {
        try
        {
            return await connections.MomentAsync(userId, CancellationToken.None);
        }
        catch (ConnectionStoreUnavailableException)
        {
            return new ConnectionMoment(clock.GetUtcNow(), null);
        }
    }
}
