namespace FathomGateway.Hosting;

/// <summary>
/// Graceful shutdown: a delay between "not ready" and the closing of the listeners, in which the gateway still serves. A connection that
/// waits in the accept queue when a listener closes is reset, and no load balancer can tell whether its request was processed.
/// </summary>
internal sealed class DrainDelay(TimeProvider time) : IHostedService
{
    /// <summary>
    /// Longer than the health checks of deploy/haproxy.cfg take to notice (2 s plus 0.5 s). Part of the shutdown timeout.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>At this time <c>/health/ready</c> already reports that the gateway is stopping.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
