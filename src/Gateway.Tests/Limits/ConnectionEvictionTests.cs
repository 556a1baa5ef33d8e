using FathomGateway.Limits.Connections;
using Xunit;

namespace FathomGateway.Tests.Limits;

public sealed class ConnectionEvictionTests
{
    private const long Minute = 60_000;

    private readonly ConnectionBudgetFixture _budget = new();
    private readonly OpenConnections _open = new();
    private readonly List<EvictionReason> _reasons = [];
    private readonly ConnectionEviction _eviction;

    public ConnectionEvictionTests() => _eviction = new ConnectionEviction(_open, (connection, reason) =>
    {
        connection.TryMarkClosing(1);
        _reasons.Add(reason);
    });

    [Fact]
    public void Unused_connections_are_evicted_first_then_idle_ones_then_those_stalled_for_a_minute()
    {
        var stalled = Add(_budget.OpenBusy(ConnectionBudgetFixture.Kilobyte));
        var idle = Add(_budget.OpenIdle());
        var unused = Add(_budget.Open().Connection);

        Assert.Equal([unused, idle, stalled], Choose(4, Environment.TickCount64 + Minute));
        Assert.Equal([EvictionReason.Unused, EvictionReason.Idle, EvictionReason.Stalled], _reasons);
    }

    [Fact]
    public void A_request_on_which_bytes_moved_within_a_minute_is_not_evicted()
    {
        var busy = Add(_budget.OpenBusy(ConnectionBudgetFixture.Kilobyte));

        Assert.Empty(Choose(1, busy.LastMoved + Minute - 1));
    }

    [Fact]
    public void A_connection_that_has_sent_a_request_since_the_last_scan_is_not_evicted()
    {
        var all = Enumerable.Range(0, 3).Select(_ => Add(_budget.OpenIdle())).ToArray();
        var chosen = Choose(1, Environment.TickCount64);
        foreach (var one in all) one.TryBeginRequest(ConnectionBudgetFixture.Kilobyte);

        Assert.Single(chosen);
        Assert.Empty(Choose(1, Environment.TickCount64));
    }

    [Fact]
    public void The_oldest_connections_are_chosen_first_when_more_are_needed_than_one_scan_finds()
    {
        var all = Enumerable.Range(0, 200).Select(_ => Add(_budget.Open().Connection)).ToArray();

        var chosen = Choose(100, Environment.TickCount64 + Minute);

        Assert.Equal(100, chosen.Distinct().Count());
        Assert.True(chosen.Max(one => one.Opened) <= all.Except(chosen).Min(one => one.Opened));
    }

    [Fact]
    public void A_connection_has_a_second_for_its_first_request_while_memory_is_short()
    {
        var unused = Add(_budget.Open().Connection);

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
