using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Connect.Callback;

/// <summary>Maps a failed exchange to the user's outcome. The user can always start again; the code is not sent again.</summary>
internal sealed partial class CodeExchange
{
    private async Task<CallbackOutcome> NotGrantedAsync(TokenResult result, UserId userId)
    {
        switch (result)
        {
            case TokenResult.Refused { Error: "invalid_client" or "unauthorized_client" } refused:
                Misconfigured(log, refused.Error);
                return CallbackOutcome.ExchangeFailed;
            case TokenResult.Refused refused:
                ExchangeFailed(log, userId.Value, refused.Error, refused.Status);
                // Record the refusal before the user's next code is sent.
                await budget.NoteRefusedExchangeAsync(userId);
                return CallbackOutcome.ExchangeFailed;
            case TokenResult.Malformed malformed:
                ExchangeFailed(log, userId.Value, malformed.Reason, malformed.Status);
                if (RefusedRefresh.IsOne(malformed)) await budget.NoteRefusedExchangeAsync(userId);
                return CallbackOutcome.ExchangeFailed;
            case TokenResult.RateLimited limited:
                // The provider's limit is per app, so refreshes pause in favour of users who connect.
                await budget.PauseAsync(limited.RetryAfter);
                return NoAnswer(userId, limited.Description);
            default:
                return NoAnswer(userId, result.Description);
        }
    }

    private CallbackOutcome NoAnswer(UserId userId, string reason)
    {
        ProviderUnavailable(log, userId.Value, reason);
        return CallbackOutcome.ProviderUnavailable;
    }
}
