using System.Buffers;
using FathomGateway.Hosting.Kestrel;
using FathomGateway.Tests.Limits;
using Xunit;

namespace FathomGateway.Tests.Hosting;

public sealed class LargeBlockMemoryPoolTests
{
    [Fact]
    public void Beyond_its_share_of_the_memory_buffers_are_small_until_some_are_given_back_T31()
    {
        using var pool = new LargeBlockMemoryPool(new Ledger().Connections, maxLargeBytes: 10 * 64 * 1024);
        var crowd = Enumerable.Range(0, 1000).Select(_ => pool.Rent()).ToArray();

        Assert.Equal(10, crowd.Count(one => one.Memory.Length == 64 * 1024));
        Assert.Equal(990, crowd.Count(one => one.Memory.Length == 4 * 1024));
        using (var asked = pool.Rent(8 * 1024)) Assert.Equal(8 * 1024, asked.Memory.Length);

        foreach (var one in crowd) one.Dispose();
        crowd[0].Dispose();
        using var later = pool.Rent();
        Assert.Equal(64 * 1024, later.Memory.Length);
    }

    [Fact]
    public void Buffers_are_charged_while_they_are_rented_and_to_the_connection_that_they_are_known_to_be_for()
    {
        var ledger = new Ledger();
        using var pool = new LargeBlockMemoryPool(ledger.Connections);
        var (connection, _) = ledger.Open();
        using var ofConnection = new ConnectionMemoryPool(pool, connection);
        var before = ledger.Connections.Memory;

        using (pool.Rent())
        {
            using var own = ofConnection.Rent();
            Assert.Equal((64 * 1024 * 2) + before, ledger.Connections.Memory);
            Assert.Equal(64 * 1024, connection.Held);
        }

        Assert.Equal((before, 0), (ledger.Connections.Memory, connection.Held));
    }

    [Fact]
    public void Buffers_are_small_while_memory_is_scarce_whoever_holds_it_T31()
    {
        var ledger = new Ledger();
        using var pool = new LargeBlockMemoryPool(ledger.Connections);
        var busy = ledger.OpenBusy(40 * Ledger.Megabyte);
        var other = ledger.OpenBusy(9 * Ledger.Megabyte);
        ledger.Connections.Charge(2 * Ledger.Megabyte);

        using var small = pool.Rent();
        Assert.Equal(4 * 1024, small.Memory.Length);
        Assert.False(busy.IsClosing || other.IsClosing);
    }
}
