using FathomGateway.Tests.Kit;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Tokens.Refresh;

public sealed class RefreshSaveTests(RealStores stores)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_database_that_dies_after_the_refresh_response_loses_no_token_F7()
    {
        await using var postgres = await PostgresServer.StartAsync();
        using var provider = ScriptedProvider.Start();
        provider.Answers(_ =>
        {
            postgres.Kill();
            return Task.FromResult(provider.NewTokens());
        });
        var database = await TokenDatabase.OnAsync(postgres);
        await using var replica = await Replica.OnAsync(database, provider.TokenUrl);
        await replica.ConnectAsync("ann", "a1", "r1");

        // The database is down for longer than any caller waits.
        Assert.IsType<AccessTokenResult.Unavailable>(await replica.TokenAsync("ann", 1));
        await Eventually.BecomesTrueAsync(
            () => replica.Log.ToString().Contains("in this process's memory alone", StringComparison.Ordinal),
            Recovery,
            "the log says where the tokens are");
        await postgres.RestartAsync();

        await Eventually.BecomesTrueAsync(
            async () => await replica.RowAsync("ann") is { Row.Version: 2, AccessToken: "access-1", RefreshToken: "refresh-1" },
            Recovery,
            "the tokens are saved once the database is back");
        Assert.Equal("access-1", Assert.IsType<AccessTokenResult.Granted>(await replica.TokenAsync("ann")).AccessToken);
        Assert.Single(provider.TokenRequests);
        Assert.DoesNotContain("refresh-1", replica.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Tokens_saved_after_their_caller_has_gone_are_revoked_if_a_disconnect_has_won_F7()
    {
        using var provider = ScriptedProvider.Start();
        using var endpoint = new RevocationEndpoint(provider);
        var url = await stores.NewDatabaseAsync();
        await using var path = FaultProxy.Start(new Uri(url).Port);
        await using var cutOff =
            await Replica.OnAsync(TokenDatabase.At(PostgresTestDatabase.Through(url, path.Port)), provider.TokenUrl, provider.RevokeUrl);
        await using var other = await Replica.OnAsync(TokenDatabase.At(url), provider.TokenUrl, provider.RevokeUrl);
        await cutOff.ConnectAsync("ann", "a1", "r1");
        provider.Answers(_ =>
        {
            path.RefuseNew();
            path.Reset();
            return Task.FromResult(provider.NewTokens());
        });

        Assert.IsType<AccessTokenResult.Unavailable>(await cutOff.TokenAsync("ann", 1));
        Assert.Equal(DisconnectResult.Revoked, await other.DisconnectAsync("ann"));
        path.AcceptNew();

        await Eventually.BecomesTrueAsync(
            () => endpoint.Tokens.SequenceEqual(["r1", "refresh-1"]), Recovery, "the tokens that nobody holds are revoked");
    }

    [Theory]
    [InlineData(TokenDatabase.Postgres)]
    [InlineData(TokenDatabase.Sqlite)]
    public async Task A_save_whose_commit_was_not_answered_is_recognised_by_its_ciphertext_F8(string kind)
    {
        await using var replica = await Replica.OnAsync(await TokenDatabase.CreateAsync(stores, kind), "http://127.0.0.1:9/");
        await replica.ConnectAsync("ann", "a1", "r1");
        var row = (await replica.RowAsync("ann"))!.Value.Row;
        var lease = RefreshLease.Of(row);
        Assert.True(await replica.Store.TakeLeaseAsync(lease, forced: false, TestContext.Current.CancellationToken));
        var cipher = replica.Get<TokenCipher>();
        var tokens = ConnectionRows.Issued(row.UserId, cipher.Seal("a2", row.UserId, TokenColumn.AccessToken)).Of(lease);

        var heard = await replica.Store.SaveAsync(tokens, TestContext.Current.CancellationToken);
        var again = await replica.Get<ConnectionWriter>().SaveAsync(tokens);

        Assert.Equal(2, again!.Version);
        Assert.Equal(heard, again);
        // The tokens of another refresh are not taken for this one's.
        Assert.Null(await replica.Get<ConnectionWriter>()
            .SaveAsync(tokens with { AccessToken = cipher.Seal("a2", row.UserId, TokenColumn.AccessToken) }));
    }
}
