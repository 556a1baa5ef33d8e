using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class RealStoresTests(RealStores stores)
{
    [Fact]
    public async Task Every_test_database_is_new_and_empty()
    {
        var one = await stores.NewDatabaseAsync();
        var other = await stores.NewDatabaseAsync();

        await PostgresTestDatabase.QueryAsync(one, "CREATE TABLE note (text text); INSERT INTO note VALUES ('mine')");

        Assert.Contains("'mine'", await RealStores.DumpAsync(one), StringComparison.Ordinal);
        Assert.DoesNotContain("'mine'", await RealStores.DumpAsync(other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Redis_server_of_the_tests_is_shared() => Assert.Equal(await stores.RedisAsync(), await stores.RedisAsync());
}
