namespace FathomGateway.Hosting;

/// <summary>
/// A moment between "not ready" and the closing of the listeners. Whoever is sent here meanwhile is served: a connection that waits to be accepted
/// when a listener closes is reset, and no load balancer can tell whether what it had sent on it was acted on.
/// </summary>
internal sealed class DrainDelay(TimeProvider time) : IHostedService
{
    /// <summary>Longer than the checks of deploy/haproxy.cfg take to notice (2 s, and 0.5 s to be sure); part of the time in which requests under way may finish.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>By now <c>/health/ready</c> says that the gateway is stopping.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
