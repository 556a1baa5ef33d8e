using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

[Trait("Speed", "Slow")]
public sealed class ClockSkewTests
{
    [Theory]
    [InlineData("+300s")]
    [InlineData("-300s")]
    public async Task A_database_whose_clock_is_off_by_five_minutes_serves_F22(string skew)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync();
        await postgres.SkewAsync(skew);
        var database = await postgres.CreateDatabaseAsync();
        var off = (double)(await PostgresTestDatabase.QueryAsync(database, "SELECT extract(epoch FROM now())::float8"))!
            - DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.InRange(Math.Abs(off), 250, 350);
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(redis.ConnectionString, database));
        await stage.WarmUpAsync();

        // A state lives by seconds that Redis counts, a row by the clock of PostgreSQL; ours is asked by neither.
        await stage.StateAsync(Fresh.User());
        var keys = (await redis.CommandAsync("KEYS", "*:state:*")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var key in keys)
            Assert.InRange(int.Parse(await redis.CommandAsync("TTL", key), System.Globalization.CultureInfo.InvariantCulture), 400, 600);
        await stage.LinkAsync(Fresh.User());
        Assert.Equal(0L, await PostgresTestDatabase.QueryAsync(
            database,
            "SELECT count(*) FROM fathom_connections WHERE expires_at <> issued_at + interval '1 hour' OR now() - issued_at NOT BETWEEN "
                + "interval '0' AND interval '4 minutes'"));
    }
}
