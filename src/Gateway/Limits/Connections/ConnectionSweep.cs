using FathomGateway.Tcp;

namespace FathomGateway.Limits.Connections;

/// <summary>Closes connections that have not sent a request in time, and those whose peer has vanished.</summary>
internal sealed partial class ConnectionSweep(ConnectionBudget ledger, TimeProvider time, ILogger<ConnectionSweep> log) : BackgroundService
{
    /// <summary>
    /// Milliseconds for the first request, as with nginx and Node: whoever opens a connection means to use it. One that has sent a request
    /// may be idle for longer.
    /// </summary>
    public const long FirstRequest = 60_000;

    /// <summary>Short beside the minute that it measures. A look at ten thousand connections is a fraction of a millisecond.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Looks between two questions to the kernel, which cost a system call for each connection: a peer counts as vanished after 45 s
    /// anyway.
    /// </summary>
    private const int LooksPerQuestion = 3;

    private readonly List<ClientConnection> _all = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        for (var look = 1; await timer.WaitForNextTickAsync(stoppingToken); look++)
        {
            try
            {
                Look(Environment.TickCount64, askKernel: look % LooksPerQuestion == 0);
            }
            catch (Exception failure)
            {
                // The next look is as good.
                NotLooked(log, failure);
            }
        }
    }

    /// <param name="now">By <see cref="Environment.TickCount64"/>.</param>
    internal void Look(long now, bool askKernel)
    {
        ledger.CopyTo(_all);
        foreach (var connection in _all)
        {
            var isLate = !connection.HasSentRequest && now - connection.Opened >= FirstRequest;
            if (isLate) ledger.Close(connection, EvictionReason.NoRequest);
            else if (askKernel && HasVanished(connection)) ledger.Close(connection, EvictionReason.Vanished);
        }

        _all.Clear();
    }

    private static bool HasVanished(ClientConnection connection) => connection.Socket is { } socket && TcpInfo.HasVanished(socket);

    [LoggerMessage(Level = LogLevel.Error, Message = "The connections could not be looked through.")]
    private static partial void NotLooked(ILogger log, Exception failure);
}
