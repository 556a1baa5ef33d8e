using System.Buffers;
using FathomGateway.Hosting.Kestrel;
using FathomGateway.Tests.Limits;
using Xunit;

namespace FathomGateway.Tests.Hosting;

public sealed class LargeBlockMemoryPoolTests
{
    [Fact]
    public void Buffers_beyond_the_pools_share_of_memory_are_small_until_some_are_returned_T31()
    {
        using var pool = new LargeBlockMemoryPool(new ConnectionBudgetFixture().Connections, maxLargeBytes: 10 * 64 * 1024);
        var buffers = Enumerable.Range(0, 1000).Select(_ => pool.Rent()).ToArray();

        Assert.Equal(10, buffers.Count(one => one.Memory.Length == 64 * 1024));
        Assert.Equal(990, buffers.Count(one => one.Memory.Length == 4 * 1024));
        using (var asked = pool.Rent(8 * 1024)) Assert.Equal(8 * 1024, asked.Memory.Length);

        foreach (var one in buffers) one.Dispose();
        buffers[0].Dispose();
        using var later = pool.Rent();
        Assert.Equal(64 * 1024, later.Memory.Length);
    }

    [Fact]
    public void Rented_buffers_are_charged_to_the_budget_and_to_their_connection()
    {
        var budget = new ConnectionBudgetFixture();
        using var pool = new LargeBlockMemoryPool(budget.Connections);
        var (connection, _) = budget.Open();
        using var ofConnection = new ConnectionMemoryPool(pool, connection);
        var before = budget.Connections.Memory;

        using (pool.Rent())
        {
            using var own = ofConnection.Rent();
            Assert.Equal((64 * 1024 * 2) + before, budget.Connections.Memory);
            Assert.Equal(64 * 1024, connection.Held);
        }

        Assert.Equal((before, 0), (budget.Connections.Memory, connection.Held));
    }

    [Fact]
    public void Buffers_are_small_while_memory_is_scarce_whoever_holds_it_T31()
    {
        var budget = new ConnectionBudgetFixture();
        using var pool = new LargeBlockMemoryPool(budget.Connections);
        var busy = budget.OpenBusy(40 * ConnectionBudgetFixture.Megabyte);
        var other = budget.OpenBusy(9 * ConnectionBudgetFixture.Megabyte);
        budget.Connections.Charge(2 * ConnectionBudgetFixture.Megabyte);

        using var small = pool.Rent();
        Assert.Equal(4 * 1024, small.Memory.Length);
        Assert.False(busy.IsClosing || other.IsClosing);
    }
}
