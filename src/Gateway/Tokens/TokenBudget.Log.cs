namespace FathomGateway.Tokens;

internal sealed partial class TokenBudget
{
    private void NotCounted(Exception failure) => NotCounted(log, failure);

    private void NotPaused(Exception failure) => NotPaused(log, failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider answers 429: no refresh of this app for {Seconds} s. If it comes again, lower FATHOM_TOKEN_BUDGET.")]
    private static partial void Paused(ILogger log, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An exchange could not be counted against the budget of token calls.")]
    private static partial void NotCounted(ILogger log, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The pause could not be stored: it holds in this replica alone.")]
    private static partial void NotPaused(ILogger log, Exception failure);
}
