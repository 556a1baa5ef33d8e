using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>A reconnect mark that another process sets while the save of a refresh waits for the row.</summary>
public sealed class EventOfLateMarkTests(RealStores stores)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_save_clears_a_mark_that_was_set_while_it_waited_and_writes_the_event_of_it()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres);
        var (services, user) = (stage.Gateway.Services, Fresh.User());
        var (store, cipher) = (services.GetRequiredService<ConnectionStore>(), services.GetRequiredService<TokenCipher>());
        await stage.Stage.LinkAsync(user);
        var lease = RefreshLease.Of((await stage.Stage.ConnectionAsync(user))!);
        await using var other = await PostgresTestDatabase.OpenAsync(stage.Database.Url!);
        await using var marking = await other.BeginTransactionAsync(Cancel);
        await using var mark = new NpgsqlCommand(
            "UPDATE fathom_connections SET reconnect_reason = 'refresh_refused', reconnect_at = now()", other, marking);
        Assert.Equal(1, await mark.ExecuteNonQueryAsync(Cancel));

        var saving = store.SaveAsync(ConnectionRows.Refreshed(cipher, lease, "late", "late-too"), Cancel);
        await Eventually.BecomesTrueAsync(
            async () => await PostgresTestDatabase.LockWaitsAsync(stage.Database.Url!) == 1, Patience, "the save waits for the row");
        await marking.CommitAsync(Cancel);

        Assert.Equal((2L, null), await saving is { } saved ? (saved.Version, saved.Reconnect) : default);
        await stage.Receiver.HasAsync(user, "connection.connected", "connection.recovered");
    }
}
