using FathomGateway.Tokens;

namespace FathomGateway.Internal;

/// <summary>Runs the routes that need the API key.</summary>
internal static class ApiKeyRoute
{
    /// <summary>The database client reconnects every second or two.</summary>
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(5);

    /// <summary>Handles a request that carries the key. Answers 401 without it, and 503 while the database is unavailable.</summary>
    public static async Task AnswerAsync(HttpContext context, InternalApiKey key, Func<Task> handle)
    {
        try
        {
            await (key.Matches(context.Request) ? handle() : InternalProblem.UnauthorizedAsync(context));
        }
        catch (ConnectionStoreUnavailableException)
        {
            await InternalProblem.UnavailableAsync(context, StorePause);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, so no response is read.
        }
    }
}
