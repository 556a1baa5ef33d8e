using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Flow;

public sealed class EncryptionKeyRotationTests(RealStores stores)
{
    private static readonly string[] Users = [.. Enumerable.Range(0, 12).Select(i => $"user{i}")];
    private readonly string _a = TestSettings.NewKey("a"), _b = TestSettings.NewKey("b");

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_key_rotation_under_load_fails_no_request_and_leaves_no_row_under_the_old_key_T25_F20()
    {
        var url = await stores.NewDatabaseAsync();
        await ConnectAllAsync(url, _a);
        var failures = new List<string>();
        var replicas = new[] { await StartAsync(url, _a), await StartAsync(url, _a) };

        // One replica after the other, so that both releases serve side by side: add everywhere, then promote everywhere.
        foreach (var keys in (string[])[$"{_a},{_b}", $"{_b},{_a}"])
        {
            for (var i = 0; i < replicas.Length; i++)
            {
                await replicas[i].DisposeAsync();
                failures.AddRange(replicas[i].Failures);
                replicas[i] = await StartAsync(url, keys);
                foreach (var replica in replicas) await replica.WorksAsync();
            }
        }

        var (exitCode, _, errors) = await GatewayProcess.RunAsync(["keys", "reencrypt"], new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = $"{url}{PostgresTestDatabase.LongTimeouts}",
            ["TOKEN_ENCRYPTION_KEYS"] = $"{_b},{_a}"
        });
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(0L, await PostgresTestDatabase.QueryAsync(
            url, "SELECT count(*) FROM fathom_connections WHERE access_token LIKE 'v1:a:%' OR refresh_token LIKE 'v1:a:%'"));

        // Retired: no row needs it any more.
        foreach (var replica in replicas)
        {
            await replica.WorksAsync();
            await replica.DisposeAsync();
            failures.AddRange(replica.Failures);
        }

        var last = await StartAsync(url, _b);
        await last.WorksAsync();
        await last.DisposeAsync();
        Assert.Empty(failures.Concat(last.Failures));
    }

    [Fact]
    public async Task A_key_that_is_gone_asks_its_users_to_reconnect_and_keeps_their_rows_T25()
    {
        var url = await stores.NewDatabaseAsync();
        await ConnectAllAsync(url, _a);
        await using var stage = await Stage.StartAsync(await SettingsAsync(url, _b));
        var before = await stage.ConnectionAsync(Users[0]);
        var tokens = stage.Gateway.Services.GetRequiredService<FreshAccessToken>();

        foreach (var rejected in (long?[])[null, 1])
        {
            var result = await tokens.GetAsync(Some.User(Users[0]), rejected, TestContext.Current.CancellationToken);
            Assert.Equal(ReconnectReason.Unreadable, Assert.IsType<AccessTokenResult.MustReconnect>(result).Reconnect.Reason);
        }

        Assert.Empty(stage.Provider.TokenRequests);
        var after = await stage.ConnectionAsync(Users[0]);
        Assert.Equal((before!.AccessToken, before.RefreshToken), (after!.AccessToken, after.RefreshToken));

        var (exitCode, output, errors) = await GatewayProcess.RunAsync(
            ["keys", "reencrypt"],
            new Dictionary<string, string?>
            {
                ["DATABASE_URL"] = $"{url}{PostgresTestDatabase.LongTimeouts}",
                ["TOKEN_ENCRYPTION_KEYS"] = _b,
            });
        Assert.Equal(1, exitCode);
        Assert.Contains("12 users: key a,", output, StringComparison.Ordinal);
        Assert.Contains("TOKEN_ENCRYPTION_KEYS", errors, StringComparison.Ordinal);

        // The key comes back: so do the connections.
        await using var again = await Stage.StartAsync(await SettingsAsync(url, $"{_b},{_a}"));
        Assert.NotNull(await again.AccessTokenAsync(Users[0]));
    }

    [Fact]
    public async Task A_state_from_before_the_promotion_is_accepted_after_it_F20()
    {
        var url = await stores.NewDatabaseAsync();
        string state;
        await using (var before = await Stage.StartAsync(await SettingsAsync(url, $"{_a},{_b}"))) state = await before.StateAsync("ann");

        await using var after = await Stage.StartAsync(await SettingsAsync(url, $"{_b},{_a}"));
        Assert.Equal(CallbackRedirect.Success, await after.LandAsync(state, Fresh.Code()));
        Assert.StartsWith("v1:b:", (await after.ConnectionAsync("ann"))!.AccessToken.Text, StringComparison.Ordinal);
    }

    private async Task ConnectAllAsync(string url, string keys)
    {
        await using var stage = await Stage.StartAsync(await SettingsAsync(url, keys));
        stage.Provider.Answers(request => Task.FromResult(TokenReply.Tokens($"access-of-{request.Code}", $"refresh-of-{request.Code}")));
        foreach (var user in Users)
            Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(await stage.StateAsync(user), $"{user}.{Guid.NewGuid():n}"));
    }

    private async Task<BusyReplica> StartAsync(string url, string keys) =>
        await BusyReplica.StartAsync(await SettingsAsync(url, keys), Users);

    private async Task<Dictionary<string, string?>> SettingsAsync(string url, string keys) =>
        TestSettings.OnRealStores(await stores.RedisAsync(), url, ("TOKEN_ENCRYPTION_KEYS", keys));
}
