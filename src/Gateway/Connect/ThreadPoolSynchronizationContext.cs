namespace FathomGateway.Connect;

/// <summary>
/// Keeps what is begun within it on the thread pool: every <c>await</c> comes back to the pool, whichever thread completed what was
/// awaited.
/// </summary>
/// <remarks>
/// A request of an own route may arrive on a socket thread (see <c>Tcp/InlineCompletions</c>), and so may the rest of its body and the room
/// for its answer: its connection forwards other requests. A hop at the beginning is not enough, and one after each <c>await</c> would be
/// forgotten. A context is captured by all of them, in ASP.NET's own code too. <c>ConfigureAwait(false)</c> steps out of it, so own routes
/// do without, and a test says so (House/AwaitTests). To turn off the mark of the connection meanwhile would leave the race with a read
/// that has already completed on its thread.
/// </remarks>
internal sealed class ThreadPoolSynchronizationContext : SynchronizationContext
{
    private static readonly ThreadPoolSynchronizationContext Instance = new();

    public static Task RunAsync(Func<Task> work) => Task.Run(() =>
    {
        SetSynchronizationContext(Instance);
        return work();
    });

    public override void Post(SendOrPostCallback d, object? state) => ThreadPool.UnsafeQueueUserWorkItem(
        static work =>
        {
            // The pool takes the context off the thread when the work is done.
            SetSynchronizationContext(Instance);
            work.Callback(work.State);
        },
        (Callback: d, State: state),
        preferLocal: false);
}
