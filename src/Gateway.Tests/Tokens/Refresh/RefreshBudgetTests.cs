using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

public sealed class RefreshBudgetTests(RealStores stores)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_budget_holds_a_refresh_back_and_the_old_token_is_given_while_it_lives_F23(int left)
    {
        using var provider = ScriptedProvider.Start();
        var database = await TokenDatabase.CreateAsync(stores, TokenDatabase.Postgres);
        await using var replica = await Replica.OnAsync(database, provider.TokenUrl, budget: 1);
        await replica.ConnectAsync("ben", "b1", "r0");
        await replica.ConnectAsync("ann", "a1", "r1");
        Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ben", 1));
        await database.AgeAsync("ann", TimeSpan.FromSeconds(3600 - (240 * left)));

        var result = await replica.TokenAsync("ann");

        Assert.Single(provider.TokenRequests);
        if (left == 0)
            Assert.InRange(
                Assert.IsType<AccessTokenResult.Unavailable>(result).RetryAfter, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(60));
        else Assert.Equal("a1", Assert.IsType<AccessTokenResult.Granted>(result).AccessToken);
    }
}
