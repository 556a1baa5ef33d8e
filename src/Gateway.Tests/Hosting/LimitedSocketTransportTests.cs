using FathomGateway.Hosting;
using FathomGateway.Hosting.Kestrel;
using FathomGateway.Tests.Limits;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace FathomGateway.Tests.Hosting;

/// <summary>There is room for one connection, and each is busy.</summary>
public sealed class LimitedSocketTransportTests
{
    private readonly LimitedSocketTransport _transport;

    public LimitedSocketTransportTests()
    {
        var budget = new ConnectionBudgetFixture(connections: 1).Connections;
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _transport = new LimitedSocketTransport(sockets, budget, new LargeBlockMemoryPool(budget), new ListenerPorts());
    }

    [Fact]
    public async Task A_connection_takes_its_room_until_its_socket_is_closed_F25()
    {
        var lingering = new LingeringConnection();
        var first = Admit(lingering)!;
        Assert.Null(Admit(new DefaultConnectionContext()));

        // The server is done with it, and the client has not taken what it was sent last.
        var disposing = first.DisposeAsync();
        Assert.False(disposing.IsCompleted);
        Assert.Null(Admit(new DefaultConnectionContext()));

        lingering.Closed.SetResult();
        await disposing;
        await first.DisposeAsync();
        Assert.NotNull(Admit(new DefaultConnectionContext()));
        Assert.Null(Admit(new DefaultConnectionContext()));
    }

    [Fact]
    public async Task An_exempt_connection_is_let_in_and_counted_F25()
    {
        var operators = _transport.Admit(new DefaultConnectionContext(), exempt: true)!;
        Assert.NotNull(_transport.Admit(new DefaultConnectionContext(), exempt: true));
        Assert.Null(Admit(new DefaultConnectionContext()));

        await operators.DisposeAsync();
        Assert.Null(Admit(new DefaultConnectionContext()));
    }

    private ConnectionContext? Admit(ConnectionContext connection)
    {
        var admitted = _transport.Admit(connection, exempt: false);
        admitted?.Features.Get<FathomGateway.Limits.Connections.ClientConnection>()!.TryBeginRequest(1);
        return admitted;
    }

    private sealed class LingeringConnection : DefaultConnectionContext
    {
        public TaskCompletionSource Closed { get; } = new();

        public override async ValueTask DisposeAsync()
        {
            await Closed.Task;
            await base.DisposeAsync();
        }
    }
}
