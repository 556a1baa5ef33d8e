using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

public sealed class RefreshOutcomeTests(RealStores stores)
{
    public static TheoryData<string> Databases => TokenDatabase.Both;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Fields_that_a_refresh_response_leaves_out_are_kept_F13(string kind)
    {
        using var provider = ScriptedProvider.Start();
        provider.AnswersNext(TokenReply.Tokens("a2", refreshToken: null));
        var (replica, database) = await StartAsync(kind, provider);
        await using var _ = replica;
        var before = (await replica.RowAsync("ann"))!.Value.Row;

        Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann", rejectedVersion: 1));

        var after = (await replica.RowAsync("ann"))!.Value;
        Assert.Equal(("a2", "r1", "a-scope"), (after.AccessToken, after.RefreshToken, after.Row.Scope));
        Assert.Equal(
            (before.RefreshToken, before.GrantId, before.ConnectedAt), (after.Row.RefreshToken, after.Row.GrantId, after.Row.ConnectedAt));
        Assert.Equal("r1", provider.TokenRequests[0].RefreshToken);

        Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann", rejectedVersion: 2));
        Assert.Equal("r1", provider.TokenRequests[1].RefreshToken);
        Assert.Equal("refresh-1", (await replica.RowAsync("ann"))!.Value.RefreshToken);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_invalid_grant_ends_the_connection_keeps_the_row_and_is_not_asked_for_again(string kind)
    {
        using var provider = ScriptedProvider.Start();
        provider.Answers(TokenReply.Refusal("invalid_grant"));
        var (replica, _) = await StartAsync(kind, provider);
        await using var ending = replica;

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(
                ReconnectReason.RefreshRefused,
                Assert.IsType<AccessTokenResult.MustReconnect>(await replica.TokenAsync("ann", 1)).Reconnect.Reason);
        }

        Assert.Single(provider.TokenRequests);
        Assert.Equal(
            ("a1", "r1"), ((await replica.RowAsync("ann"))!.Value.AccessToken, (await replica.RowAsync("ann"))!.Value.RefreshToken));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_invalid_grant_after_another_replicas_refresh_gives_that_refreshs_token(string kind)
    {
        using var provider = ScriptedProvider.Start();
        var (replica, database) = await StartAsync(kind, provider);
        await using var _ = replica;
        provider.Answers(async _ =>
        {
            // Another has taken over and saved while this answer was on its way.
            await database.ExecuteAsync("UPDATE fathom_connections SET version = version + 1, lease_owner = NULL, lease_until = NULL");
            return TokenReply.Refusal("invalid_grant");
        });

        Assert.Equal(("a1", 2L), Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann", 1)) is var token
            ? (token.AccessToken, token.Version)
            : default);
        Assert.Null((await replica.RowAsync("ann"))!.Value.Row.Reconnect);
    }

    [Theory]
    [InlineData("invalid_client", 401)]
    [InlineData("unauthorized_client", 400)]
    public async Task A_refused_client_marks_no_user_logs_an_error_and_pauses_the_refreshes(string error, int status)
    {
        using var provider = ScriptedProvider.Start();
        provider.Answers(TokenReply.Refusal(error, status));
        var (replica, _) = await StartAsync(TokenDatabase.Sqlite, provider);
        await using var ending = replica;
        await replica.ConnectAsync("ben", "a1", "r1");

        Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann", 1));
        Assert.InRange(
            Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ben", 1)).RetryAfter,
            TimeSpan.FromTicks(1),
            TimeSpan.FromSeconds(60));

        Assert.Single(provider.TokenRequests);
        Assert.Null((await replica.RowAsync("ann"))!.Value.Row.Reconnect);
        Assert.Contains(
            replica.Log.Lines,
            line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("FATHOM_CLIENT_SECRET", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_429_pauses_the_refreshes_of_the_whole_app_in_every_replica(string kind)
    {
        using var provider = ScriptedProvider.Start();
        provider.Answers(
            TokenReply.Refusal("slow_down", 429) with { Headers = new Dictionary<string, string> { ["Retry-After"] = "120" } });
        var (replica, database) = await StartAsync(kind, provider);
        await using var _ = replica;
        await using var other = await Replica.OnAsync(database, provider.TokenUrl);
        await replica.ConnectAsync("ben", "a1", "r1");

        Assert.Equal(
            TimeSpan.FromSeconds(120), Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann", 1)).RetryAfter);
        Assert.InRange(
            Assert.IsType<AccessTokenResult.Unavailable>(await other.TokenAsync("ben", 1)).RetryAfter,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(120));

        Assert.Single(provider.TokenRequests);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(302)]
    public async Task A_provider_that_cannot_serve_leaves_the_old_token_and_the_next_try_succeeds_F13(int status)
    {
        using var provider = ScriptedProvider.Start();
        provider.AnswersNext(new TokenReply { Status = status });
        provider.AnswersNext(new TokenReply { Status = status });
        var (replica, database) = await StartAsync(TokenDatabase.Postgres, provider);
        await using var _ = replica;
        // A caller whose token was refused does not get the old one again.
        Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann", 1));
        await database.AgeAsync("ann", TimeSpan.FromSeconds(3600 - 240));

        Assert.Equal("a1", Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann")).AccessToken);
        Assert.Equal("access-1", Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann")).AccessToken);
    }

    private async Task<(Replica Replica, TokenDatabase Database)> StartAsync(string kind, ScriptedProvider provider)
    {
        var database = await TokenDatabase.CreateAsync(stores, kind);
        var replica = await Replica.OnAsync(database, provider.TokenUrl);
        await replica.ConnectAsync("ann", "a1", "r1");
        return (replica, database);
    }
}
