using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Databases;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Flow;

public sealed class OneStateManyCallbacksTests(RealStores stores)
{
    [Fact]
    public async Task Fifty_callbacks_with_one_state_at_two_gateways_cause_one_exchange_and_equal_redirects_T4()
    {
        using var provider = ScriptedProvider.Start();
        // Slow enough that every duplicate arrives while the first is still exchanging.
        provider.Answers(provider.NewTokens() with { Delay = TimeSpan.FromMilliseconds(500) });
        var database = await stores.NewDatabaseAsync();
        var settings = TestSettings.OnRealStores(await stores.RedisAsync(), database, provider.Settings);
        await using var one = await GatewayUnderTest.StartAsync(settings);
        await using var two = await GatewayUnderTest.StartAsync(settings);
        var state = await ConnectFlow.BeginAsync(one, "ann");

        var returns = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => ConnectFlow.ReturnAsync(i % 2 == 0 ? one : two, state)));

        Assert.All(returns, location => Assert.Equal("/dashboard?fathom_successful=true", location));
        Assert.Single(provider.TokenRequests);
        var row =
            await one.Services.GetRequiredService<ConnectionStore>().FindAsync(Some.User("ann"), TestContext.Current.CancellationToken);
        Assert.Equal(1, row!.Version);
        Assert.Equal(1L, await CountRowsAsync(one));

        // A reload long after all copies has the same outcome.
        Assert.Equal("/dashboard?fathom_successful=true", await ConnectFlow.ReturnAsync(two, state));
        Assert.Single(provider.TokenRequests);
    }

    private static async Task<long> CountRowsAsync(GatewayUnderTest gateway)
    {
        await using var session =
            await gateway.Services.GetRequiredService<PostgresHosts>().OpenAsync(TestContext.Current.CancellationToken);
        return await session.Connection.FindAsync("SELECT count(*) FROM fathom_connections", null, row => row.GetInt64(0));
    }
}
