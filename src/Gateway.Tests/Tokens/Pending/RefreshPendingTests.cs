using FathomGateway.Audit;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Tokens.Pending;

/// <summary>A refresh token that rotated while the database was away: the old one is spent, and must never be sent again.</summary>
[Trait("Speed", "Slow")]
public sealed class RefreshPendingTests
{
    [Fact]
    public async Task A_rotated_token_that_could_not_be_saved_is_drained_by_another_replica_and_the_old_one_never_sent_again_F7()
    {
        await using var stage = await PendingTokensStage.StartAsync();
        await stage.One.StoreAsync("ann", "a1", "r1");
        stage.WhenTokensAreIssued(stage.Postgres.Kill);

        Assert.IsType<AccessTokenResult.Unavailable>(await TokenAsync(stage.One, 1));
        await stage.WaitInRedisAsync(1);
        await stage.One.DisposeAsync();
        await stage.Postgres.RestartAsync();

        await Eventually.BecomesTrueAsync(
            async () => await TokenAsync(stage.Two, 1) is AccessTokenResult.Granted { AccessToken: "access-1", Version: 2 },
            PendingTokensStage.Recovery,
            "the new token is given out");
        Assert.Equal("r1", Assert.Single(stage.Provider.TokenRequests).RefreshToken);
        await stage.IsStoredAsync("ann", "access-1");
    }

    [Fact]
    public async Task The_holder_of_the_lease_takes_pending_tokens_from_Redis_in_place_of_a_refresh_F7()
    {
        await using var stage = await PendingTokensStage.StartAsync();
        await stage.One.StoreAsync("ann", "a1", "r1");
        await PendingTokensStage.PutAsync(stage.One.Services.GetRequiredService<PendingTokenStore>(), await RefreshedAsync(stage.One));

        var granted = Assert.IsType<AccessTokenResult.Granted>(await TokenAsync(stage.Two, 1));

        Assert.Equal(("a2", 2L), (granted.AccessToken, granted.Version));
        Assert.Empty(stage.Provider.TokenRequests);
        await stage.WaitInRedisAsync(0);
    }

    [Fact]
    public async Task A_disconnect_also_ends_pending_tokens_in_Redis_F7()
    {
        await using var stage = await PendingTokensStage.StartAsync();
        await stage.One.StoreAsync("ann", "a1", "r1");
        var pendingStore = stage.One.Services.GetRequiredService<PendingTokenStore>();
        var waiting = await RefreshedAsync(stage.One);
        stage.Postgres.Kill();
        await PendingTokensStage.PutAsync(pendingStore, waiting);
        await PendingTokensStage.PutAsync(
            pendingStore, waiting with { Version = 0, GrantId = Guid.NewGuid(), IssuedAt = DateTimeOffset.UtcNow });
        await stage.Postgres.RestartAsync();

        await Eventually.BecomesTrueAsync(
            async () => await stage.Two.Services.GetRequiredService<Disconnection>().DisconnectAsync(
                Some.User("ann"), DisconnectActor.Api, TestContext.Current.CancellationToken) == DisconnectResult.NotConnected,
            PendingTokensStage.Recovery,
            "nothing is left to disconnect");

        await stage.WaitInRedisAsync(0);
        Assert.Null(await stage.RowAsync("ann"));
    }

    private static Task<AccessTokenResult> TokenAsync(GatewayUnderTest replica, long rejectedVersion) =>
        replica.Services.GetRequiredService<FreshAccessToken>()
            .GetAsync(Some.User("ann"), rejectedVersion, TestContext.Current.CancellationToken);

    /// <summary>What a refresh of the row has brought.</summary>
    private static async Task<IssuedTokens> RefreshedAsync(GatewayUnderTest replica)
    {
        var row = (await replica.Services.GetRequiredService<ConnectionStore>()
            .FindAsync(Some.User("ann"), TestContext.Current.CancellationToken))!;
        return ConnectionRows.Refreshed(replica.Services.GetRequiredService<TokenCipher>(), RefreshLease.Of(row), "a2", "r2");
    }
}
