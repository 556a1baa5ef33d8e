using FathomGateway.Tcp;

namespace FathomGateway.Limits.Connections;

/// <summary>Closes connections that have not sent a request in time, and connections whose peer has vanished.</summary>
internal sealed partial class ConnectionSweep(ConnectionBudget budget, TimeProvider time, ILogger<ConnectionSweep> log) : BackgroundService
{
    /// <summary>Milliseconds for the first request, as in nginx and Node. After a request, a connection may be idle for longer.</summary>
    public const long FirstRequest = 60_000;

    /// <summary>
    /// Short compared with the minute that it measures. A pass over ten thousand connections takes a fraction of a millisecond.
    /// </summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Passes between two queries of the kernel, which cost a system call per connection. A peer counts as vanished only after 45 s.
    /// </summary>
    private const int PassesPerKernelQuery = 3;

    private readonly List<ClientConnection> _all = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        for (var look = 1; await timer.WaitForNextTickAsync(stoppingToken); look++)
        {
            try
            {
                Look(Environment.TickCount64, askKernel: look % PassesPerKernelQuery == 0);
            }
            catch (Exception failure)
            {
                // The next pass repeats the work.
                NotLooked(log, failure);
            }
        }
    }

    /// <param name="now">By <see cref="Environment.TickCount64"/>.</param>
    internal void Look(long now, bool askKernel)
    {
        budget.CopyTo(_all);
        foreach (var connection in _all)
        {
            var isLate = !connection.HasSentRequest && now - connection.Opened >= FirstRequest;
            if (isLate) budget.Close(connection, EvictionReason.NoRequest);
            else if (askKernel && HasVanished(connection)) budget.Close(connection, EvictionReason.Vanished);
        }

        _all.Clear();
    }

    private static bool HasVanished(ClientConnection connection) => connection.Socket is { } socket && TcpInfo.HasVanished(socket);

    [LoggerMessage(Level = LogLevel.Error, Message = "The check of the open connections failed.")]
    private static partial void NotLooked(ILogger log, Exception failure);
}
