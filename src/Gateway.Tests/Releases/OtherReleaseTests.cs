using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Releases;

/// <summary>
/// Old and new replicas serve side by side during a deploy: what one has written in Redis, the other reads, whichever is the newer.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class OtherReleaseTests(RealStores stores) : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private string _database = null!;

    [Theory]
    [InlineData(Release010Data.Record)]
    [InlineData(NextReleaseData.Record)]
    public async Task A_state_that_another_release_made_is_redeemed_F17(string record)
    {
        await using var stage = await StageAsync("cookie");
        await _redis.CommandAsync("SET", Release010Data.RecordKey, record, "EX", "600");
        var user = new BrowserUser(stage, Release010Data.User)
        {
            Cookie = $"{BrowserUser.CookieName}={Release010Data.Cookie}",
            UserAgent = Release010Data.UserAgent,
        };

        Assert.Equal(CallbackRedirect.Success, await user.LandAsync(Release010Data.State, Release010Data.Code));

        Assert.Equal(Release010Data.Verifier, Assert.Single(stage.Provider.TokenRequests).Field("code_verifier"));
        Assert.NotNull(await stage.AccessTokenAsync(Release010Data.User));
        Assert.Contains("(network differs: False, user agent differs: False)", stage.Gateway.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("connected", CallbackRedirect.Success)]
    [InlineData("access_denied", CallbackRedirect.Page + "?fathom_successful=false&fathom_error=access_denied")]
    [InlineData(NextReleaseData.Outcome, CallbackRedirect.Page + "?fathom_successful=false&fathom_error=temporarily_unavailable")]
    public async Task An_outcome_that_another_release_noted_down_is_told_again_F17(string outcome, string redirect)
    {
        await using var stage = await StageAsync("none");
        await _redis.CommandAsync("SET", Release010Data.ReceiptKey, outcome, "EX", "120");

        Assert.Equal(redirect, await stage.LandAsync(Release010Data.State, Release010Data.Code));
        Assert.Empty(stage.Provider.TokenRequests);
    }

    [Fact]
    public async Task A_callback_that_another_release_is_at_work_on_is_waited_for_F17()
    {
        await using var stage = await StageAsync("none");
        await _redis.CommandAsync("SET", Release010Data.ReceiptKey, $"pending:AAAAAAAAAAAAAAAAAAAAAA:{Release010Data.Record}", "EX", "30");
        var redirect = stage.LandAsync(Release010Data.State, Release010Data.Code);
        await Eventually.BecomesTrueAsync(
            async () => (await _redis.CommandAsync("INFO", "commandstats")).Contains("cmdstat_eval", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "somebody has asked for the receipt");

        await _redis.CommandAsync("SET", Release010Data.ReceiptKey, "connected", "EX", "120");

        Assert.Equal(CallbackRedirect.Success, await redirect);
        Assert.Empty(stage.Provider.TokenRequests);
    }

    [Theory]
    [InlineData(Release010Data.ParkedRecord)]
    [InlineData(NextReleaseData.ParkedRecord)]
    public async Task A_code_that_another_release_parked_is_confirmed_F17(string record)
    {
        await using var stage = await StageAsync("confirm");
        await _redis.CommandAsync("SET", Release010Data.ParkedKey, record, "EX", "120");

        Assert.Equal((HttpStatusCode.OK, "connected"), await new BrowserUser(stage, Release010Data.User).ToldAsync(Release010Data.Handle));

        var request = Assert.Single(stage.Provider.TokenRequests);
        Assert.Equal((Release010Data.Code, Release010Data.Verifier), (request.Code, request.Field("code_verifier")));
    }

    [Theory]
    [InlineData(Release010Data.Rescued)]
    [InlineData(NextReleaseData.Rescued)]
    public async Task Tokens_that_another_release_put_by_are_stored_F17(string text)
    {
        // By the database's clock it is the day on which they were written.
        await using var postgres = await PostgresServer.StartAsync();
        await postgres.SkewAsync($"-{(DateTimeOffset.UtcNow - Release010Data.At).TotalSeconds:0}s");
        _database = await postgres.CreateDatabaseAsync();
        await using var stage = await StageAsync("none");
        await _redis.CommandAsync("SET", Release010Data.RescuedKey, text, "EX", "3600");
        await _redis.CommandAsync("ZADD", "fathom:rescued", "1", Release010Data.RescuedKey);

        await Eventually.BecomesTrueAsync(
            async () => await stage.AccessTokenAsync(Release010Data.User) == Release010Data.LateAccess,
            TimeSpan.FromSeconds(60),
            "the tokens are stored");
        var row = (await stage.ConnectionAsync(Release010Data.User))!;
        Assert.Equal((Guid.Parse(Release010Data.Grant), 1L, Release010Data.Scope), (row.GrantId, row.Version, row.Scope));
        Assert.Equal(TimeSpan.FromHours(1), row.ExpiresAt - row.IssuedAt);
    }

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _database = await stores.NewDatabaseAsync();
    }

    public async ValueTask DisposeAsync() => await _redis.DisposeAsync();

    private async Task<Stage> StageAsync(string binding)
    {
        var stage = await Stage.StartAsync(TestSettings.OnRealStores(
            _redis.ConnectionString, _database, ("TOKEN_ENCRYPTION_KEYS", Release010Data.Keys), ("LINK_BINDING", binding)));
        await Readiness.OfStoresAsync(stage.Gateway.InternalClient);
        return stage;
    }
}
