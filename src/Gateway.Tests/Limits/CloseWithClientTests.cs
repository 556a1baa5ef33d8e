using System.Net.Sockets;
using Xunit;

namespace FathomGateway.Tests.Limits;

/// <summary>A request ends with its client's connection, and no other request does.</summary>
public sealed class CloseWithClientTests
{
    private readonly Ledger _ledger = new();

    [Fact]
    public void The_socket_of_a_request_is_closed_when_the_client_ends_and_nobody_else_may_use_it_B4()
    {
        var (client, _) = _ledger.Open();
        using var socket = NewSocket();
        client.CloseWithClient(socket);

        client.OnEnded();

        Assert.True(socket.SafeHandle.IsClosed);
        Assert.False(client.StopClosingWithClient());
    }

    [Fact]
    public void A_client_that_ends_after_its_request_meets_nobody_elses_B4()
    {
        var (client, _) = _ledger.Open();
        using var socket = NewSocket();
        client.CloseWithClient(socket);
        Assert.True(client.StopClosingWithClient());

        client.OnEnded();

        Assert.False(socket.SafeHandle.IsClosed);
    }

    [Fact]
    public void A_client_that_has_ended_already_ends_what_begins_B4()
    {
        var (client, _) = _ledger.Open();
        client.OnEnded();
        using var socket = NewSocket();

        client.CloseWithClient(socket);

        Assert.True(socket.SafeHandle.IsClosed);
        Assert.False(client.StopClosingWithClient());
    }

    private static Socket NewSocket() => new(SocketType.Stream, ProtocolType.Tcp);
}
