using FathomGateway.Tokens;

namespace FathomGateway.Internal;

/// <summary>What holds for every route behind the API key.</summary>
internal static class ApiKeyRoute
{
    /// <summary>The database's client tries to reconnect every second or two.</summary>
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(5);

    /// <summary>Handles a request that carries the key, and answers for the database where it is away.</summary>
    public static async Task AnswerAsync(HttpContext context, InternalApiKey key, Func<Task> handle)
    {
        try
        {
            await (key.Opens(context.Request) ? handle() : InternalProblem.UnauthorizedAsync(context));
        }
        catch (ConnectionStoreUnavailableException)
        {
            await InternalProblem.UnavailableAsync(context, StorePause);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
    }
}
