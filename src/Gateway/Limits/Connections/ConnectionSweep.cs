using FathomGateway.Tcp;

namespace FathomGateway.Limits.Connections;

/// <summary>Closes connections that have not sent a request in time, and connections whose peer has vanished.</summary>
internal sealed partial class ConnectionSweep(ConnectionBudget budget, TimeProvider time, ILogger<ConnectionSweep> log) : BackgroundService
{
    /// <summary>Time limit for the first request, as in nginx and Node. After a request, a connection may be idle for longer.</summary>
    public const long FirstRequestMilliseconds = 60_000;

    /// <summary>
    /// Short compared with the minute that it measures. A pass over ten thousand connections takes a fraction of a millisecond.
    /// </summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Passes between two queries of the kernel, because a query costs a system call per connection. A peer counts as vanished only after
    /// 45 s.
    /// </summary>
    private const int PassesPerKernelQuery = 3;

    private readonly List<ClientConnection> _all = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        for (var pass = 1; await timer.WaitForNextTickAsync(stoppingToken); pass++)
        {
            try
            {
                Sweep(Environment.TickCount64, askKernel: pass % PassesPerKernelQuery == 0);
            }
            catch (Exception failure)
            {
                // The next pass repeats the work.
                NotSwept(log, failure);
            }
        }
    }

    /// <param name="now">By <see cref="Environment.TickCount64"/>.</param>
    internal void Sweep(long now, bool askKernel)
    {
        budget.CopyTo(_all);
        foreach (var connection in _all)
        {
            var isLate = !connection.HasSentRequest && now - connection.Opened >= FirstRequestMilliseconds;
            if (isLate) budget.Close(connection, EvictionReason.NoRequest);
            else if (askKernel && HasVanished(connection)) budget.Close(connection, EvictionReason.Vanished);
        }

        _all.Clear();
    }

    private static bool HasVanished(ClientConnection connection) => connection.Socket is { } socket && TcpInfo.HasVanished(socket);

    // The event name is kept, because filters of a log may use it.
    [LoggerMessage(Level = LogLevel.Error, EventName = "NotLooked", Message = "The check of the open connections failed.")]
    private static partial void NotSwept(ILogger log, Exception failure);
}
