using FathomGateway.Audit;
using FathomGateway.Fathom;
using FathomGateway.State;
using FathomGateway.Tokens;
using FathomGateway.Users;

namespace FathomGateway.Connect;

/// <summary>From a code to a stored connection: the last two steps, which a callback and a confirmation have in common.</summary>
internal sealed partial class CodeExchange(
    TokenEndpointClient tokenEndpoint, TokenBudget budget, IConnectionStore connections, ConnectionWriter writer, SenderDigest digest, LinkOptions link, AuditLog audit,
    ILogger<CodeExchange> log)
{
    /// <param name="state">The redeemed record: whose connection this is.</param>
    /// <param name="sender">Who brought the code, for the record.</param>
    public async Task<CallbackOutcome> CompleteAsync(string code, AuthorizationState state, Sender sender)
    {
        var formerSince = await FormerSinceAsync(state.UserId);

        // The code works once (RFC 6749, section 4.1.2): it is sent once, whatever comes back. It counts in the app's budget of token
        // calls, and does not wait for the counting.
        _ = budget.CountAsync(CancellationToken.None);
        var result = await tokenEndpoint.ExchangeAsync(code, state.CodeVerifier, CancellationToken.None);
        if (result is not TokenResult.Granted granted) return await NotGrantedAsync(result, state.UserId);

        // "Connected" is said after the commit, never before.
        try
        {
            await writer.StoreAsync(state.UserId, granted.Tokens, CancellationToken.None);
        }
        catch (ConnectionStoreUnavailableException failure)
        {
            Lost(log, state.UserId.Value, failure);
            return CallbackOutcome.TemporarilyUnavailable;
        }

        Connected(log, state.UserId.Value);
        audit.Linked(state.UserId, formerSince, link.Binding.ToString(), sender.ComparedTo(state, digest));
        return CallbackOutcome.Connected;
    }

    /// <summary>Since when the user has the connection that this one replaces; for the audit log alone, so a failure is none.</summary>
    private async Task<DateTimeOffset?> FormerSinceAsync(UserId userId)
    {
        try
        {
            return (await connections.FindAsync(userId, CancellationToken.None))?.ConnectedAt;
        }
        catch (ConnectionStoreUnavailableException)
        {
            return null;
        }
    }
}
