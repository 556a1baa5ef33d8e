using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Flow;

/// <summary>An attacker with write access to the database, but without a key, moves ciphertext.</summary>
public sealed class MovedCiphertextTests(RealStores stores)
{
    [Theory]
    [InlineData("""
        UPDATE fathom_connections AS mine SET access_token = other.access_token, refresh_token = other.refresh_token
        FROM fathom_connections AS other WHERE (mine.user_id, other.user_id) IN (('ann', 'ben'), ('ben', 'ann'))
        """)]
    [InlineData("UPDATE fathom_connections SET access_token = refresh_token, refresh_token = access_token")]
    public async Task Swapped_tokens_are_unreadable_and_no_call_is_made_with_them_T24(string sql)
    {
        var url = await stores.NewDatabaseAsync();
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url));
        await stage.LinkAsync("ann");
        await stage.LinkAsync("ben");
        var calls = stage.Provider.Server.LogEntries.Count;
        await PostgresTestDatabase.QueryAsync(url, sql);

        foreach (var user in (string[])["ann", "ben"])
        {
            foreach (var rejected in (long?[])[null, 1])
            {
                var result = await stage.Gateway.Services.GetRequiredService<FreshAccessToken>()
                    .GetAsync(Some.User(user), rejected, TestContext.Current.CancellationToken);
                Assert.Equal(ReconnectReason.Unreadable, Assert.IsType<AccessTokenResult.MustReconnect>(result).Reconnect.Reason);
            }
        }

        Assert.Equal(calls, stage.Provider.Server.LogEntries.Count);

        // Connecting again restores it.
        await stage.LinkAsync("ann");
        Assert.IsType<AccessTokenResult.Granted>(
            await stage.Gateway.Services.GetRequiredService<FreshAccessToken>()
                .GetAsync(Some.User("ann"), null, TestContext.Current.CancellationToken));
    }
}
