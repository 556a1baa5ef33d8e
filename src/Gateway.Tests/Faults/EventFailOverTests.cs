using FathomGateway.Events.Outbox;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Users;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Faults;

/// <summary>A change and its event are one transaction, which a fail-over keeps or loses as a whole.</summary>
[Trait("Speed", "Slow")]
public sealed class EventFailOverTests(RealStores stores)
{
    private const int Users = 6;

    /// <summary>Longer than the lease of a user's events, which an attempt before the fail-over may still hold.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Changes_that_survive_a_fail_over_and_those_after_it_have_one_event_each_delivered_in_order_F10()
    {
        await using var first = await PostgresServer.StartAsync();
        var database = PostgresTestDatabase.NameOf(await first.CreateDatabaseAsync());
        await using var second = await PostgresServer.StandbyOfAsync(first);
        // Without it, the receiver may get an event that is lost with the primary.
        await first.CommitOnStandbyTooAsync();
        await using var receiver = EventReceiver.Start();
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(
            await stores.RedisAsync(),
            $"postgresql://postgres@127.0.0.1:{first.Port},127.0.0.1:{second.Port}/{database}",
            receiver.Settings));
        await RecordedChanges.BeginAsync(TokenDatabase.At(first.ConnectionString(database)));
        var (services, survived) = (stage.Gateway.Services, TokenDatabase.At(second.ConnectionString(database)));
        var (store, outbox) = (services.GetRequiredService<ConnectionStore>(), services.GetRequiredService<EventOutbox>());
        UserId[] users = [.. Enumerable.Range(0, Users).Select(number => Some.User($"user-{number}"))];
        var broken = Task.WhenAll(users.Select(user => ChangeUntilRefusedAsync(store, user)));
        await Eventually.BecomesTrueAsync(() => receiver.Count > 10 * Users, Limit, "changes are told of");

        first.Kill();
        await broken;
        await second.PromoteAsync();
        var before = (await RecordedChanges.EventsAsync(survived)).Count;
        await Task.WhenAll(users.Select(user => Eventually.BecomesTrueAsync(() => ChangeAsync(store, user), Limit, "changes succeed")));

        await Eventually.BecomesTrueAsync(
            async () => (await outbox.ReadStatisticsAsync(Cancel)).Waiting == 0, Limit, "all events are delivered");
        Assert.Empty(await RecordedChanges.DifferencesAsync(survived));
        var written = await RecordedChanges.EventsAsync(survived);
        Assert.InRange(written.Count, before + (3 * Users), int.MaxValue);
        var arrived = receiver.Received.Select(one => $"{one.UserId} {one.Id}").Distinct().ToLookup(UserOf);
        Assert.All(written.GroupBy(UserOf), of => Assert.Equal(of.ToArray(), arrived[of.Key]));
        Assert.Equal(written.Count, arrived.Sum(of => of.Count()));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string UserOf(string line) => line.Split(' ')[0];

    private static Task<ConnectionStoreUnavailableException> ChangeUntilRefusedAsync(ConnectionStore store, UserId user) =>
        Assert.ThrowsAsync<ConnectionStoreUnavailableException>(async () =>
        {
            while (await ChangeAsync(store, user))
            {
            }
        });

    /// <summary>The user connects, reconnects and disconnects: three events.</summary>
    private static async Task<bool> ChangeAsync(ConnectionStore store, UserId user)
    {
        var (access, refresh) = (new SealedToken("v1:k:a"), new SealedToken("v1:k:r"));
        await store.StoreAsync(ConnectionRows.Issued(user, access, refresh), Cancel);
        await store.StoreAsync(ConnectionRows.Issued(user, access, refresh), Cancel);
        return await store.DeleteAsync(user, Cancel) is not null;
    }
}
