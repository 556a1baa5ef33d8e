using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

/// <summary>The provider refuses a refresh with an error that is not about the refresh token.</summary>
public sealed class RefusedRefreshTests(RealStores stores)
{
    /// <summary>Those of the field, a page of a firewall, and an error inside a success.</summary>
    public static TheoryData<string, int, string> Refusals => new()
    {
        { TokenDatabase.Postgres, 401, """{"error":"invalid_token"}""" },
        { TokenDatabase.Sqlite, 400, """{"error":"invalid_request"}""" },
        { TokenDatabase.Postgres, 403, "<html>forbidden</html>" },
        { TokenDatabase.Sqlite, 404, "<html>no such page</html>" },
        { TokenDatabase.Sqlite, 422, """{"error":"temporarily_disabled"}""" },
        { TokenDatabase.Sqlite, 400, """{"message":"no"}""" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task The_pause_after_refused_refreshes_doubles_to_an_hour_and_after_a_day_marks_the_row(
        string kind, int status, string body)
    {
        using var provider = ScriptedProvider.Start();
        provider.Answers(new TokenReply { Status = status, Body = body });
        var database = await TokenDatabase.CreateAsync(stores, kind);
        await using var replica = await Replica.OnAsync(database, provider.TokenUrl, budget: 50);
        await replica.ConnectAsync("ann", "a1", "r1");
        await database.AgeAsync("ann", TimeSpan.FromHours(2));
        int[] pauses = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600];

        foreach (var (pause, number) in pauses.Select((pause, at) => (pause, at + 1)))
        {
            AssertPause(pause, await replica.TokenAsync("ann"));
            // During the pause nothing is sent for any caller.
            AssertPause(pause, await replica.TokenAsync("ann"));
            AssertPause(pause, await replica.TokenAsync("ann", rejectedVersion: 1));
            Assert.Equal(number, provider.TokenRequests.Count);
            await database.RefusalsAgeAsync("ann", TimeSpan.FromSeconds(pause));
        }

        Assert.Null((await replica.RowAsync("ann"))!.Value.Row.Reconnect);
        await database.RefusalsAgeAsync("ann", TimeSpan.FromDays(1));
        var ended = Assert.IsType<AccessTokenResult.MustReconnect>(await replica.TokenAsync("ann"));
        Assert.Equal(ReconnectReason.RefusedForLong, ended.Reconnect.Reason);
        Assert.Equal(pauses.Length + 1, provider.TokenRequests.Count);
        await replica.TokenAsync("ann");
        Assert.Equal(pauses.Length + 1, provider.TokenRequests.Count);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    public async Task A_failure_that_is_no_refusal_restarts_the_day_of_refused_refreshes(int status)
    {
        using var provider = ScriptedProvider.Start();
        var refusal = new TokenReply { Status = 401, Body = """{"error":"invalid_token"}""" };
        provider.Answers(refusal);
        var database = await TokenDatabase.CreateAsync(stores, TokenDatabase.Sqlite);
        await using var replica = await Replica.OnAsync(database, provider.TokenUrl);
        await replica.ConnectAsync("ann", "a1", "r1");
        await database.AgeAsync("ann", TimeSpan.FromHours(2));
        Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann"));
        await database.RefusalsAgeAsync("ann", TimeSpan.FromDays(1));

        provider.Answers(new TokenReply { Status = status });
        Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann"));
        provider.Answers(refusal);

        AssertPause(5, await replica.TokenAsync("ann"));
    }

    [Fact]
    public async Task A_live_token_is_given_during_the_pause_of_refused_refreshes_and_a_success_ends_it()
    {
        using var provider = ScriptedProvider.Start();
        provider.AnswersNext(new TokenReply { Status = 403, Body = "<html></html>" });
        var database = await TokenDatabase.CreateAsync(stores, TokenDatabase.Postgres);
        await using var replica = await Replica.OnAsync(database, provider.TokenUrl);
        await replica.ConnectAsync("ann", "a1", "r1");
        await database.AgeAsync("ann", TimeSpan.FromSeconds(3600 - 240));

        for (var i = 0; i < 3; i++)
            Assert.Equal("a1", Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann")).AccessToken);
        Assert.Single(provider.TokenRequests);
        await database.RefusalsAgeAsync("ann", TimeSpan.FromSeconds(5));

        Assert.Equal("access-1", Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann")).AccessToken);
        Assert.Equal(0, (await replica.Store.ReadAsync(Some.User("ann"), TestContext.Current.CancellationToken))!.Refusals);
    }

    [Fact]
    public async Task Other_users_are_refreshed_during_the_pause_of_a_refused_one()
    {
        using var provider = ScriptedProvider.Start();
        provider.Answers(request => Task.FromResult(
            request.RefreshToken == "bad"
                ? new TokenReply { Status = 401, Body = """{"error":"invalid_token"}""" }
                : provider.NewTokens()));
        var database = await TokenDatabase.CreateAsync(stores, TokenDatabase.Postgres);
        await using var replica = await Replica.OnAsync(database, provider.TokenUrl, budget: 3);
        await replica.ConnectAsync("ann", "a1", "bad");
        await replica.ConnectAsync("ben", "b1", "good");

        for (var i = 0; i < 20; i++) Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann", 1));

        Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ben", 1));
        Assert.Equal(2, provider.TokenRequests.Count);
    }

    private static void AssertPause(int seconds, AccessTokenResult result) =>
        Assert.InRange(
            Assert.IsType<AccessTokenResult.Unavailable>(result).RetryAfter,
            TimeSpan.FromSeconds(seconds * 0.5),
            TimeSpan.FromSeconds(seconds));
}
