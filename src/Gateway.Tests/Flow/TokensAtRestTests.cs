using FathomGateway.Tests.Kit;
using StackExchange.Redis;
using Xunit;

namespace FathomGateway.Tests.Flow;

public sealed class TokensAtRestTests(RealStores stores)
{
    private const string AccessToken = "canary-access-8f3a", RefreshToken = "canary-refresh-51cc", Code = "canary-code-77ab";

    [Fact]
    public async Task The_database_and_Redis_hold_no_token_in_the_clear_T23()
    {
        await using var redis = await RedisServer.StartAsync();
        using var provider = ScriptedProvider.Start();
        provider.Answers(TokenReply.Tokens(AccessToken, RefreshToken));
        var databaseUrl = await stores.NewDatabaseAsync();
        await using var gateway =
            await GatewayUnderTest.StartAsync(TestSettings.OnRealStores(redis.ConnectionString, databaseUrl, provider.Settings));

        // One user has come back, another is still at the provider: every kind of key is there.
        var state = await ConnectFlow.BeginAsync(gateway, "ann");
        Assert.Equal("/dashboard?fathom_successful=true", await ConnectFlow.ReturnAsync(gateway, state, Code));
        await ConnectFlow.BeginAsync(gateway, "ben");

        foreach (var dump in new[] { await RealStores.DumpAsync(databaseUrl), await DumpAsync(redis) })
        {
            foreach (var canary in new[] { AccessToken, RefreshToken, Code, TestSettings.ClientSecret, TestSettings.JwtSecret, Base64(
                AccessToken), Base64(RefreshToken) })
            {
                Assert.DoesNotContain(canary, dump, StringComparison.Ordinal);
            }
        }

        // The search would find what is there: the user in the one dump, the receipt in the other.
        Assert.Contains("ann", await RealStores.DumpAsync(databaseUrl), StringComparison.Ordinal);
        Assert.Contains("v1:k1:", await RealStores.DumpAsync(databaseUrl), StringComparison.Ordinal);
        Assert.Contains("connected", await DumpAsync(redis), StringComparison.Ordinal);
        Assert.Contains("ben", await DumpAsync(redis), StringComparison.Ordinal);
    }

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)).TrimEnd('=')[..^2];

    private static async Task<string> DumpAsync(RedisServer redis)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port}");
        var keys = connection.GetServers()[0].Keys().ToArray();
        return string.Join('\n', keys.Select(key => $"{key} = {Value(connection.GetDatabase(), key)}"));
    }

    private static string Value(IDatabase database, RedisKey key) => database.KeyType(key) switch
    {
        RedisType.List => string.Join(' ', database.ListRange(key)),
        RedisType.SortedSet => string.Join(' ', database.SortedSetRangeByRank(key)),
        _ => $"{database.StringGet(key)}",
    };
}
