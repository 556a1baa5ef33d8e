using System.Collections.Concurrent;

namespace FathomGateway.Tokens.Refresh;

/// <summary>
/// Work that must end before the process stops: a call that spends a refresh token, the save of new tokens, and a revocation at the
/// provider.
/// </summary>
internal sealed partial class InFlightWork(ILogger<InFlightWork> log) : IHostedLifecycleService
{
    private readonly ConcurrentDictionary<Task, byte> _tasks = [];

    /// <summary>Starts work that must end before the process stops. It cannot be cancelled.</summary>
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

    /// <summary>Waits for the work. Runs after all services have stopped, so that no request starts further work.</summary>
    /// <param name="cancellationToken">Cancelled at the end of the shutdown timeout.</param>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        while (!_tasks.IsEmpty && !cancellationToken.IsCancellationRequested)
        {
            // The caller that started the work handles its result.
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
            + "users whose refresh or save is cut off may have to connect again.")]
    private static partial void CutOff(ILogger log, int count);
}
