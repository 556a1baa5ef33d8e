using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Pending;
using FathomGateway.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>Tokens that waited for the database are stored by one replica or by several, and make one event.</summary>
public sealed class EventOfPendingTokensTests(RealStores stores)
{
    [Fact]
    public async Task Tokens_that_several_replicas_drain_cause_one_event()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres);
        await using var second = await GatewayUnderTest.StartAsync(stage.Settings);
        var (services, name) = (stage.Gateway.Services, Fresh.User());
        var (cipher, store) = (services.GetRequiredService<TokenCipher>(), services.GetRequiredService<ConnectionStore>());
        GatewayUnderTest[] replicas = [stage.Gateway, second, stage.Gateway, second];
        var user = Some.User(name);
        var access = cipher.Seal("a1", user, TokenColumn.AccessToken);
        var refresh = cipher.Seal("r1", user, TokenColumn.RefreshToken);

        await DrainAsync(ConnectionRows.Issued(user, access, refresh, "scope"));
        var lease = RefreshLease.Of((await store.FindAsync(user, Cancel))!);
        Assert.True(await store.TakeLeaseAsync(lease, forced: false, Cancel));
        Assert.NotNull(await store.RequireReconnectAsync(lease, ReconnectReason.RefreshRefused, Cancel));
        await DrainAsync(ConnectionRows.Refreshed(cipher, lease, "late", "late-too"));

        await stage.Receiver.HasAsync(name, "connection.connected", "connection.reconnect_required", "connection.recovered");
        Assert.Equal(3, (await stage.RowsAsync()).Count);

        Task DrainAsync(IssuedTokens tokens) => Task.WhenAll(replicas.Select(
            one => Task.Run(() => one.Services.GetRequiredService<PendingTokenDrain>().StoreAsync(tokens))));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
