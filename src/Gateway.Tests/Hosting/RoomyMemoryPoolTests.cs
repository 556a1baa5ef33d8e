using System.Buffers;
using FathomGateway.Hosting;
using Xunit;

namespace FathomGateway.Tests.Hosting;

public sealed class RoomyMemoryPoolTests
{
    [Fact]
    public void Beyond_its_share_of_the_memory_buffers_are_small_until_some_are_given_back_T31()
    {
        using var pool = new RoomyMemoryPool(mostRoomy: 10 * 64 * 1024);
        var crowd = Enumerable.Range(0, 1000).Select(_ => pool.Rent()).ToArray();

        Assert.Equal(10, crowd.Count(one => one.Memory.Length == 64 * 1024));
        Assert.Equal(990, crowd.Count(one => one.Memory.Length == 4 * 1024));
        using (var asked = pool.Rent(8 * 1024)) Assert.Equal(8 * 1024, asked.Memory.Length);

        foreach (var one in crowd) one.Dispose();
        crowd[0].Dispose();
        using var later = pool.Rent();
        Assert.Equal(64 * 1024, later.Memory.Length);
    }
}
