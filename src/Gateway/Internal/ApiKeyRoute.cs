using FathomGateway.Tokens;
using Microsoft.AspNetCore.Connections;

namespace FathomGateway.Internal;

/// <summary>Runs the routes that need the API key.</summary>
internal static partial class ApiKeyRoute
{
    /// <summary>Outcomes without a status: no response was completed.</summary>
    private const string Aborted = "aborted", Failed = "failed";

    /// <summary>Key of the mark on a request whose response was started and aborted.</summary>
    private static readonly object Incomplete = new();

    /// <summary>The database client reconnects every second or two.</summary>
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Handles a request that carries the key. Answers 401 without it, 503 while the database is unavailable, and 4xx where the request's
    /// body cannot be read.
    /// </summary>
    /// <param name="record">
    /// Gets the outcome of a request that carries the key, however it ends: the status, <c>aborted</c> where the caller has left, or
    /// <c>failed</c> after an unexpected exception or an incomplete response. Null where nothing is to be recorded.
    /// </param>
    public static async Task AnswerAsync(HttpContext context, InternalApiKey key, Func<Task> handle, Action<string>? record)
    {
        if (!key.Matches(context.Request))
        {
            Refused(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiKeyRoute)));
            handle = () => InternalProblem.UnauthorizedAsync(context);
            record = null;
        }

        var outcome = Failed;
        try
        {
            outcome = await OutcomeAsync(context, handle);
        }
        finally
        {
            record?.Invoke(outcome);
        }
    }

    /// <summary>Notes that the response was started and aborted, through no fault of the caller. Its status is no outcome then.</summary>
    public static void NoteIncomplete(HttpContext context) => context.Items[Incomplete] = true;

    private static async Task<string> OutcomeAsync(HttpContext context, Func<Task> handle)
    {
        try
        {
            await handle();
        }
        catch (ConnectionStoreUnavailableException)
        {
            await InternalProblem.UnavailableAsync(context, StorePause);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, so no response is read.
            return Aborted;
        }
        catch (BadHttpRequestException broken) when (!context.Response.HasStarted)
        {
            await InternalProblem.BrokenBodyAsync(context, broken.StatusCode);
        }
        catch (Exception failure) when (failure is ConnectionResetException or ConnectionAbortedException or BadHttpRequestException)
        {
            // The client disconnected while its body was read. The server cancels RequestAborted only afterwards, and would log an error if
            // the exception continued.
            context.Abort();
            return Aborted;
        }

        return context.Items.ContainsKey(Incomplete) ? Failed : $"{context.Response.StatusCode}";
    }

    /// <summary>The log has this line once a minute at most, and says how many it leaves out: any process in reach can cause it.</summary>
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = $"A request to the internal listener without the value of {InternalApiKey.ApiKeyName} was refused.",
        EventName = "api_key_refused")]
    private static partial void Refused(ILogger log);
}
