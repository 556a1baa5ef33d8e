using System.Collections.Concurrent;

namespace FathomGateway.Tokens.Refresh;

/// <summary>
/// What must not be cut off when the process is asked to stop: a refresh token that is being spent, tokens that are not saved yet, and a
/// disconnect of which the provider is still to be told.
/// </summary>
internal sealed partial class InFlightWork(ILogger<InFlightWork> log) : IHostedLifecycleService
{
    private readonly ConcurrentDictionary<Task, byte> _tasks = [];

    /// <summary>Begins work that the end of the process waits for. Nobody can cancel it.</summary>
    public Task<T> Run<T>(Func<Task<T>> work)
    {
        var task = Task.Run(work);
        _tasks[task] = 0;
        _ = task.ContinueWith(
            ended => _tasks.TryRemove(ended, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return task;
    }

    /// <summary>Comes last of all, when no request is left that could begin another one.</summary>
    /// <param name="cancellationToken">Cancelled when the process may wait no longer.</param>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        while (!_tasks.IsEmpty && !cancellationToken.IsCancellationRequested)
        {
            // Whatever each of them comes to is the business of who began it.
            await Task.WhenAll(_tasks.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!_tasks.IsEmpty) CutOff(log, _tasks.Count);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The process ends with {Count} refreshes, saves or disconnects unfinished; "
            + "users of the former may have to connect again.")]
    private static partial void CutOff(ILogger log, int count);
}
