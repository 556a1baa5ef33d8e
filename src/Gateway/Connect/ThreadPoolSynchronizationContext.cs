using FathomGateway.Limits.Connections;

namespace FathomGateway.Connect;

/// <summary>Keeps work on the thread pool: every <c>await</c> continues there, whichever thread completed the operation.</summary>
/// <remarks>
/// A request of an own route may start on a socket thread (see <c>Tcp/InlineCompletions</c>), and so may the rest of its body and the
/// writing of its response, because its connection also forwards requests. One switch at the start is not enough, and one after each
/// <c>await</c> would be forgotten. Each await captures the context, in ASP.NET's code too. <c>ConfigureAwait(false)</c> leaves it, so own
/// routes do not use it, and a test enforces that (Conventions/AwaitTests). Unmarking the connection meanwhile would race with a read
/// that has already completed on its thread.
/// </remarks>
internal sealed class ThreadPoolSynchronizationContext : SynchronizationContext
{
    private static readonly ThreadPoolSynchronizationContext Instance = new();

    /// <summary>Middleware for the gateway's own routes.</summary>
    public static Task RunAsync(HttpContext context, RequestDelegate next) => IsNeeded(context)
        ? Task.Run(() =>
        {
            SetSynchronizationContext(Instance);
            return next(context);
        })
        : next(context);

    public override void Post(SendOrPostCallback d, object? state) => ThreadPool.UnsafeQueueUserWorkItem(
        static work =>
        {
            // The pool removes the context from the thread afterwards.
            SetSynchronizationContext(Instance);
            work.Callback(work.State);
        },
        (Callback: d, State: state),
        preferLocal: false);

    /// <summary>
    /// False for a connection that has not forwarded yet: over HTTP/1.1 it does not begin to complete inline before this request has ended.
    /// </summary>
    private static bool IsNeeded(HttpContext context) =>
        HttpProtocol.IsHttp2(context.Request.Protocol) || ClientConnection.Of(context) is not { CompletesInline: false };
}
