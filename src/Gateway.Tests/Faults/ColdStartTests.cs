using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

[Trait("Speed", "Slow")]
public sealed class ColdStartTests
{
    private const int Replicas = 10;

    [Fact]
    public async Task Ten_replicas_that_start_at_once_find_their_stores_and_keep_few_connections_F19()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        using var provider = ScriptedProvider.Start();
        var settings = TestSettings.OnRealStores(redis.ConnectionString, database, provider.Settings);

        // All of them begin while neither store is there.
        redis.Kill();
        postgres.Kill();
        var stages =
            await Task.WhenAll(Enumerable.Range(0, Replicas).Select(_ => Stage.StartAsync(new Dictionary<string, string?>(settings))));
        try
        {
            await Task.WhenAll(redis.RestartAsync(), postgres.RestartAsync());
            await Task.WhenAll(stages.Select(stage => Readiness.OfStoresAsync(stage.Gateway.InternalClient)));

            // A state of each is redeemed by the next.
            for (var i = 0; i < Replicas; i++) Assert.Equal(
                CallbackRedirect.Success,
                await stages[(i + 1) % Replicas].LandAsync(await stages[i].StateAsync(Fresh.User()), Fresh.Code()));

            // One that is replaced after a hiccup may be there twice, for a moment.
            await Eventually.BecomesTrueAsync(
                async () => (await redis.CommandAsync("CLIENT", "LIST")).Split('\n')
                    .Count(line => line.Contains("name=fathom-gateway", StringComparison.Ordinal)) == Replicas,
                TimeSpan.FromSeconds(60),
                "one connection a replica is there");
            // What a burst needed beyond that is given back when it has been idle for a while.
            await Eventually.BecomesTrueAsync(
                async () => (long)(await PostgresTestDatabase.QueryAsync(
                    database, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fathom-gateway'"))! <= 2 * Replicas,
                TimeSpan.FromSeconds(120),
                "two connections a replica are left");
        }
        finally
        {
            await Task.WhenAll(stages.Select(stage => stage.DisposeAsync().AsTask()));
        }
    }
}
