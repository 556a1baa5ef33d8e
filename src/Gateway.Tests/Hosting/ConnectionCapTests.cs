using FathomGateway.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Hosting;

/// <summary>A limit of 402 open files leaves room for one connection.</summary>
public sealed class ConnectionCapTests
{
    private readonly ConnectionCap _cap = new(TimeProvider.System, NullLogger<ConnectionCap>.Instance, descriptors: 402);

    [Fact]
    public async Task A_connection_takes_its_room_until_its_socket_is_closed_F25()
    {
        var lingering = new LingeringConnection();
        var first = _cap.Admit(lingering, exempt: false)!;
        Assert.Null(_cap.Admit(new DefaultConnectionContext(), exempt: false));

        // The server is done with it, and the client has not taken what it was sent last.
        var disposing = first.DisposeAsync();
        Assert.False(disposing.IsCompleted);
        Assert.Null(_cap.Admit(new DefaultConnectionContext(), exempt: false));

        lingering.Closed.SetResult();
        await disposing;
        await first.DisposeAsync();
        Assert.NotNull(_cap.Admit(new DefaultConnectionContext(), exempt: false));
        Assert.Null(_cap.Admit(new DefaultConnectionContext(), exempt: false));
    }

    [Fact]
    public async Task An_exempt_connection_is_let_in_and_counted_F25()
    {
        var operators = _cap.Admit(new DefaultConnectionContext(), exempt: true)!;
        Assert.NotNull(_cap.Admit(new DefaultConnectionContext(), exempt: true));
        Assert.Null(_cap.Admit(new DefaultConnectionContext(), exempt: false));

        await operators.DisposeAsync();
        Assert.Null(_cap.Admit(new DefaultConnectionContext(), exempt: false));
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
