using FathomGateway.Limits;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace FathomGateway.Tests.Limits;

/// <summary>A connection budget with bounds of the test's choice, and connections of its own.</summary>
internal sealed class ConnectionBudgetFixture
{
    public const long Kilobyte = 1024, Megabyte = 1024 * Kilobyte;

    public ConnectionBudgetFixture(int connections = int.MaxValue, long memory = 100 * Megabyte)
    {
        var bounds = new ProcessLimits(connections, memory);
        Events = new LimitEvents(bounds, TimeProvider.System, NullLogger<LimitEvents>.Instance);
        Connections = new ConnectionBudget(bounds, Events);
    }

    public LimitEvents Events { get; }

    public ConnectionBudget Connections { get; }

    public (ClientConnection Connection, bool IsLetIn) Open()
    {
        var connection = new ClientConnection(new DefaultConnectionContext(), Connections);
        return (connection, Connections.TryOpen(connection));
    }

    /// <summary>Lets in one that has sent a request, which is over.</summary>
    public ClientConnection OpenIdle()
    {
        var (connection, _) = Open();
        connection.FinishFirstRequest();
        connection.TryBeginRequest(Kilobyte);
        connection.EndRequest(Kilobyte);
        return connection;
    }

    /// <summary>Lets in one with a request under way that holds this much.</summary>
    public ClientConnection OpenBusy(long memory)
    {
        var (connection, _) = Open();
        connection.FinishFirstRequest();
        connection.TryBeginRequest(memory);
        return connection;
    }
}
