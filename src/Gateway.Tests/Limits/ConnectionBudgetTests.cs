using FathomGateway.Limits;
using FathomGateway.Limits.Connections;
using Xunit;

namespace FathomGateway.Tests.Limits;

public sealed class ConnectionBudgetTests
{
    [Fact]
    public void A_newcomer_takes_the_place_of_the_oldest_connection_that_never_sent_a_request_then_of_the_one_that_is_idle_longest_A2()
    {
        var ledger = new Ledger(connections: 4);
        var idle = ledger.OpenIdle();
        var busy = ledger.OpenBusy(Ledger.Kilobyte);
        var (unused, _) = ledger.Open();
        ledger.OpenBusy(Ledger.Kilobyte);

        Assert.True(ledger.Open().IsLetIn);
        Assert.True(unused.IsClosing);
        Assert.False(idle.IsClosing);

        ledger.Connections.Forget(unused);
        ledger.OpenBusy(Ledger.Kilobyte);
        Assert.False(busy.IsClosing);
        Assert.Equal((1, 1), (ledger.Events.Count(EvictionReason.Unused), ledger.Events.Count(EvictionReason.Idle)));
        Assert.Equal(0, ledger.Events.Count(LimitRefusal.ConnectionForDescriptors));
    }

    [Fact]
    public void Where_all_are_busy_the_newcomer_is_refused_and_nobody_is_closed_F25()
    {
        var ledger = new Ledger(connections: 2);
        var first = ledger.OpenBusy(Ledger.Kilobyte);
        var second = ledger.OpenBusy(Ledger.Kilobyte);

        Assert.False(ledger.Open().IsLetIn);

        Assert.False(first.IsClosing || second.IsClosing);
        Assert.Equal(1, ledger.Events.Count(LimitRefusal.ConnectionForDescriptors));
        Assert.True(ledger.Events.HasBeenShort);
        Assert.Equal(2, ledger.Connections.Open);
    }

    [Fact]
    public void Large_heads_are_refused_at_half_of_the_memory_and_ordinary_ones_are_not_A1()
    {
        var ledger = new Ledger(memory: 10 * Ledger.Megabyte);
        var letIn = Enumerable.Range(0, 300).Count(_ => ledger.OpenIdle().TryBeginRequest(80 * Ledger.Kilobyte));

        Assert.InRange(letIn, 20, 70);
        Assert.True(ledger.Events.Count(LimitRefusal.RequestForMemory) > 200);
        Assert.Equal(0, Evicted(ledger));
        Assert.True(ledger.OpenIdle().TryBeginRequest(20 * Ledger.Kilobyte));
    }

    [Fact]
    public void A_connection_with_many_streams_is_refused_at_half_of_the_memory_A1()
    {
        var ledger = new Ledger(memory: 10 * Ledger.Megabyte);
        var connection = ledger.OpenIdle();
        var streams = Enumerable.Range(0, 1000).Count(_ => connection.TryBeginRequest(20 * Ledger.Kilobyte));

        Assert.InRange(streams, 200, 260);
        Assert.Equal(streams, connection.RequestsUnderWay);
    }

    [Fact]
    public void At_the_bound_of_memory_idle_connections_make_room_for_an_ordinary_request()
    {
        var ledger = new Ledger(memory: 10 * Ledger.Megabyte);
        var idle = Enumerable.Range(0, 2000).Select(_ => ledger.OpenIdle()).ToArray();
        var newcomer = ledger.OpenIdle();

        Assert.True(newcomer.TryBeginRequest(20 * Ledger.Kilobyte));

        Assert.Contains(idle, one => one.IsClosing);
        Assert.False(newcomer.IsClosing);
        Assert.True(ledger.Connections.Memory <= 10 * Ledger.Megabyte);
    }

    [Fact]
    public void When_the_heap_itself_is_full_the_connection_that_holds_most_goes_where_nobody_is_idle_A1()
    {
        var ledger = new Ledger();
        var small = ledger.OpenBusy(20 * Ledger.Kilobyte);
        var large = ledger.OpenBusy(20 * Ledger.Megabyte);

        ledger.Connections.FreeMemory(Ledger.Megabyte);

        Assert.True(large.IsClosing);
        Assert.False(small.IsClosing);
        Assert.Equal(1, ledger.Events.Count(EvictionReason.Largest));
    }

    [Fact]
    public void When_all_have_gone_nothing_is_charged_whatever_they_were_at()
    {
        var ledger = new Ledger(connections: 80);
        List<ClientConnection> all = [];
        for (var i = 0; i < 30; i++)
        {
            var (unused, isLetIn) = ledger.Open();
            if (isLetIn) all.Add(unused);
            all.AddRange([ledger.OpenIdle(), ledger.OpenBusy(8 * Ledger.Kilobyte)]);
        }

        foreach (var one in all)
        {
            if (one.RequestsUnderWay > 0) one.EndRequest(8 * Ledger.Kilobyte);
            ledger.Connections.Forget(one);
        }

        Assert.Equal((0, 0), (ledger.Connections.Open, ledger.Connections.Memory));
    }

    private static long Evicted(Ledger ledger) => Enum.GetValues<EvictionReason>().Sum(ledger.Events.Count);
}
