using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>Callers who say that a token was refused, whatever token they are given.</summary>
public sealed class ForcedRefreshTests(RealStores stores)
{
    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_user_can_force_three_refreshes_a_minute_over_all_replicas_and_then_gets_the_stored_token(string kind)
    {
        using var provider = ScriptedProvider.Start();
        var database = await TokenDatabase.CreateAsync(stores, kind);
        await using var one = await Replica.OnAsync(database, provider.TokenUrl, budget: 50);
        await using var two = await Replica.OnAsync(database, provider.TokenUrl, budget: 50);
        await one.ConnectAsync("ann", "a1", "r1");
        await one.ConnectAsync("ben", "b1", "r2");

        var version = 1L;
        for (var i = 0; i < 70; i++)
        {
            version = Assert.IsType<AccessTokenResult.Granted>(await (i % 2 == 0 ? one : two).TokenAsync("ann", version)).Version;
        }

        Assert.Equal((4L, 3), (version, provider.TokenRequests.Count));
        Assert.Equal(2, Assert.IsType<AccessTokenResult.Granted>(await two.TokenAsync("ben", 1)).Version);
        await database.RefusalsAgeAsync("ann", ConnectionStore.ForcedWindow + TimeSpan.FromSeconds(1));
        Assert.Equal(5, Assert.IsType<AccessTokenResult.Granted>(await one.TokenAsync("ann", version)).Version);
    }

    [Fact]
    public async Task A_user_who_may_force_no_more_is_still_refreshed_when_the_token_is_due()
    {
        using var provider = ScriptedProvider.Start();
        var database = await TokenDatabase.CreateAsync(stores, TokenDatabase.Sqlite);
        await using var replica = await Replica.OnAsync(database, provider.TokenUrl);
        await replica.ConnectAsync("ann", "a1", "r1");
        for (var version = 1; version <= 4; version++) await replica.TokenAsync("ann", version);
        await database.AgeAsync("ann", TimeSpan.FromHours(2));

        Assert.Equal(5, Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann", 4)).Version);
    }

    [Fact]
    public async Task No_row_is_written_by_forced_refreshes_while_the_budget_is_used_up_F23()
    {
        using var provider = ScriptedProvider.Start();
        var database = await TokenDatabase.CreateAsync(stores, TokenDatabase.Postgres);
        await using var replica = await Replica.OnAsync(database, provider.TokenUrl, budget: 1);
        await replica.ConnectAsync("ben", "b1", "r0");
        await replica.ConnectAsync("ann", "a1", "r1");
        Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ben", 1));
        const string Row =
            "SELECT xmin::text || ' ' || (SELECT xmin::text FROM fathom_token_pause) || ' ' || (SELECT count(*) FROM fathom_token_calls) "
                + "FROM fathom_connections WHERE user_id = 'ann'";
        var before = await PostgresTestDatabase.QueryAsync(database.Url!, Row);
        await using var other = await Replica.OnAsync(database, provider.TokenUrl, budget: 1);

        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann", 1));
            Assert.IsType<AccessTokenResult.Unavailable>(await other.TokenAsync("ann", 1));
        }

        Assert.Equal(before, await PostgresTestDatabase.QueryAsync(database.Url!, Row));
    }
}
