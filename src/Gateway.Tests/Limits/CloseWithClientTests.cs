using System.Net.Sockets;
using Xunit;

namespace FathomGateway.Tests.Limits;

/// <summary>A request ends with its client's connection, and no other request does.</summary>
public sealed class CloseWithClientTests
{
    private readonly ConnectionBudgetFixture _budget = new();

    [Fact]
    public void The_socket_of_a_request_is_closed_when_the_client_ends_and_nobody_else_may_use_it_B4()
    {
        var (client, _) = _budget.Open();
        using var socket = NewSocket();
        client.CloseWithClient(socket);

        client.OnEnded();

        Assert.True(socket.SafeHandle.IsClosed);
        Assert.False(client.StopClosingWithClient());
    }

    [Fact]
    public void A_client_that_ends_after_its_request_does_not_close_the_backend_socket_B4()
    {
        var (client, _) = _budget.Open();
        using var socket = NewSocket();
        client.CloseWithClient(socket);
        Assert.True(client.StopClosingWithClient());

        client.OnEnded();

        Assert.False(socket.SafeHandle.IsClosed);
    }

    [Fact]
    public void A_backend_socket_assigned_to_a_client_that_has_ended_is_closed_at_once_B4()
    {
        var (client, _) = _budget.Open();
        client.OnEnded();
        using var socket = NewSocket();

        client.CloseWithClient(socket);

        Assert.True(socket.SafeHandle.IsClosed);
        Assert.False(client.StopClosingWithClient());
    }

    private static Socket NewSocket() => new(SocketType.Stream, ProtocolType.Tcp);
}
