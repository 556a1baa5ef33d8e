using FathomGateway.Limits;
using FathomGateway.Limits.Connections;
using Xunit;

namespace FathomGateway.Tests.Limits;

public sealed class ConnectionBudgetTests
{
    [Fact]
    public void A_new_connection_evicts_the_oldest_unused_connection_and_then_the_longest_idle_one()
    {
        var budget = new ConnectionBudgetFixture(connections: 4);
        var idle = budget.OpenIdle();
        var busy = budget.OpenBusy(ConnectionBudgetFixture.Kilobyte);
        var (unused, _) = budget.Open();
        budget.OpenBusy(ConnectionBudgetFixture.Kilobyte);

        Assert.True(budget.Open().IsLetIn);
        Assert.True(unused.IsClosing);
        Assert.False(idle.IsClosing);

        budget.Connections.Forget(unused);
        budget.OpenBusy(ConnectionBudgetFixture.Kilobyte);
        Assert.False(busy.IsClosing);
        Assert.Equal((1, 1), (budget.Events.Count(EvictionReason.Unused), budget.Events.Count(EvictionReason.Idle)));
        Assert.Equal(0, budget.Events.Count(LimitRefusal.ConnectionForDescriptors));
    }

    [Fact]
    public void A_new_connection_is_refused_while_all_are_busy_and_no_busy_one_is_closed_F25()
    {
        var budget = new ConnectionBudgetFixture(connections: 2);
        var first = budget.OpenBusy(ConnectionBudgetFixture.Kilobyte);
        var second = budget.OpenBusy(ConnectionBudgetFixture.Kilobyte);

        Assert.False(budget.Open().IsLetIn);

        Assert.False(first.IsClosing || second.IsClosing);
        Assert.Equal(1, budget.Events.Count(LimitRefusal.ConnectionForDescriptors));
        Assert.True(budget.Events.HasBeenShort);
        Assert.Equal(2, budget.Connections.Open);
    }

    [Fact]
    public void Large_heads_are_refused_at_half_of_the_memory_and_ordinary_ones_are_not()
    {
        var budget = new ConnectionBudgetFixture(memory: 10 * ConnectionBudgetFixture.Megabyte);
        var letIn = Enumerable.Range(0, 300).Count(_ => budget.OpenIdle().TryBeginRequest(80 * ConnectionBudgetFixture.Kilobyte));

        Assert.InRange(letIn, 20, 70);
        Assert.True(budget.Events.Count(LimitRefusal.RequestForMemory) > 200);
        Assert.Equal(0, Evicted(budget));
        Assert.True(budget.OpenIdle().TryBeginRequest(20 * ConnectionBudgetFixture.Kilobyte));
    }

    [Fact]
    public void Many_streams_of_one_connection_are_refused_at_half_of_the_memory()
    {
        var budget = new ConnectionBudgetFixture(memory: 10 * ConnectionBudgetFixture.Megabyte);
        var connection = budget.OpenIdle();
        var streams = Enumerable.Range(0, 1000).Count(_ => connection.TryBeginRequest(20 * ConnectionBudgetFixture.Kilobyte));

        Assert.InRange(streams, 200, 260);
        Assert.Equal(streams, connection.RequestsUnderWay);
    }

    [Fact]
    public void Idle_connections_are_evicted_for_an_ordinary_request_at_the_bound_of_memory()
    {
        var budget = new ConnectionBudgetFixture(memory: 10 * ConnectionBudgetFixture.Megabyte);
        var idle = Enumerable.Range(0, 2000).Select(_ => budget.OpenIdle()).ToArray();
        var newcomer = budget.OpenIdle();

        Assert.True(newcomer.TryBeginRequest(20 * ConnectionBudgetFixture.Kilobyte));

        Assert.Contains(idle, one => one.IsClosing);
        Assert.False(newcomer.IsClosing);
        Assert.True(budget.Connections.Memory <= 10 * ConnectionBudgetFixture.Megabyte);
    }

    [Fact]
    public void The_busy_connection_that_holds_most_memory_is_closed_when_the_heap_is_full_and_none_is_idle()
    {
        var budget = new ConnectionBudgetFixture();
        var small = budget.OpenBusy(20 * ConnectionBudgetFixture.Kilobyte);
        var large = budget.OpenBusy(20 * ConnectionBudgetFixture.Megabyte);

        budget.Connections.FreeMemory(ConnectionBudgetFixture.Megabyte);

        Assert.True(large.IsClosing);
        Assert.False(small.IsClosing);
        Assert.Equal(1, budget.Events.Count(EvictionReason.Largest));
    }

    [Fact]
    public void No_memory_is_charged_after_all_connections_have_ended_in_whatever_state()
    {
        var budget = new ConnectionBudgetFixture(connections: 80);
        List<ClientConnection> all = [];
        for (var i = 0; i < 30; i++)
        {
            var (unused, isLetIn) = budget.Open();
            if (isLetIn) all.Add(unused);
            all.AddRange([budget.OpenIdle(), budget.OpenBusy(8 * ConnectionBudgetFixture.Kilobyte)]);
        }

        foreach (var one in all)
        {
            if (one.RequestsUnderWay > 0) one.EndRequest(8 * ConnectionBudgetFixture.Kilobyte);
            budget.Connections.Forget(one);
        }

        Assert.Equal((0, 0), (budget.Connections.Open, budget.Connections.Memory));
    }

    private static long Evicted(ConnectionBudgetFixture budget) => Enum.GetValues<EvictionReason>().Sum(budget.Events.Count);
}
