using FathomGateway.Limits.Connections;
using Xunit;

namespace FathomGateway.Tests.Limits;

public sealed class ConnectionEvictionTests
{
    private const long Minute = 60_000;

    private readonly Ledger _ledger = new();
    private readonly OpenConnections _open = new();
    private readonly List<EvictionReason> _reasons = [];
    private readonly ConnectionEviction _eviction;

    public ConnectionEvictionTests() => _eviction = new ConnectionEviction(_open, (connection, reason) =>
    {
        connection.TryMarkClosing(1);
        _reasons.Add(reason);
    });

    [Fact]
    public void Unused_connections_go_first_then_idle_ones_then_those_on_which_nothing_has_moved_for_a_minute()
    {
        var stalled = Add(_ledger.OpenBusy(Ledger.Kilobyte));
        var idle = Add(_ledger.OpenIdle());
        var unused = Add(_ledger.Open().Connection);

        Assert.Equal([unused, idle, stalled], Choose(4, Environment.TickCount64 + Minute));
        Assert.Equal([EvictionReason.Unused, EvictionReason.Idle, EvictionReason.Stalled], _reasons);
    }

    [Fact]
    public void A_request_on_which_something_moved_within_a_minute_is_left_alone()
    {
        var busy = Add(_ledger.OpenBusy(Ledger.Kilobyte));

        Assert.Empty(Choose(1, busy.LastMoved + Minute - 1));
    }

    [Fact]
    public void A_connection_that_has_sent_a_request_since_it_was_looked_at_is_left_alone()
    {
        var all = Enumerable.Range(0, 3).Select(_ => Add(_ledger.OpenIdle())).ToArray();
        var chosen = Choose(1, Environment.TickCount64);
        foreach (var one in all) one.TryBeginRequest(Ledger.Kilobyte);

        Assert.Single(chosen);
        Assert.Empty(Choose(1, Environment.TickCount64));
    }

    [Fact]
    public void More_than_one_look_finds_are_chosen_the_oldest_first()
    {
        var all = Enumerable.Range(0, 200).Select(_ => Add(_ledger.Open().Connection)).ToArray();

        var chosen = Choose(100, Environment.TickCount64 + Minute);

        Assert.Equal(100, chosen.Distinct().Count());
        Assert.True(chosen.Max(one => one.Opened) <= all.Except(chosen).Min(one => one.Opened));
    }

    [Fact]
    public void While_memory_is_short_a_connection_has_a_second_for_its_first_request()
    {
        var unused = Add(_ledger.Open().Connection);

        Assert.False(_eviction.Choose(1, descriptorsAreShort: false, unused.Opened + 999, []));
        Assert.True(_eviction.Choose(1, descriptorsAreShort: false, unused.Opened + 1_999, []));
    }

    private ClientConnection Add(ClientConnection connection)
    {
        _open.Add(connection);
        return connection;
    }

    private List<ClientConnection> Choose(int connections, long now)
    {
        List<ClientConnection> chosen = [];
        for (var i = 0; i < connections; i++) _eviction.Choose(0, descriptorsAreShort: true, now, chosen);
        return chosen;
    }
}
