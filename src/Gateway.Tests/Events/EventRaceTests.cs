using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens;
using FathomGateway.Tests.Tokens.Refresh;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Encryption;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>Concurrent changes have one event each, and the events of a user are in the order of the changes.</summary>
public sealed class EventRaceTests(RealStores stores)
{
    private const int Workers = 12, Steps = 60, Users = 6;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Racing_changes_at_two_replicas_cause_one_event_each_in_order()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Postgres);
        await using var second = await GatewayUnderTest.StartAsync(stage.Settings);
        await RaceAsync(stage, stage.Gateway, second);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Racing_changes_at_an_embedded_gateway_cause_one_event_each_in_order()
    {
        await using var stage = await EventStage.StartAsync(stores, TokenDatabase.Sqlite);
        await RaceAsync(stage, stage.Gateway);
    }

    private static async Task RaceAsync(EventStage stage, params GatewayUnderTest[] gateways)
    {
        await RecordedChanges.BeginAsync(stage.Database);
        var random = new Random(1);
        // One in eight is refused: the order has to hold through tries that fail.
        stage.Receiver.Answer = _ => Task.FromResult(Chance(8) ? EventReceiver.Status(500, "Retry-After: 1\r\n") : EventReceiver.Ok);
        ConnectionStore[] replicas = [.. gateways.Select(one => one.Services.GetRequiredService<ConnectionStore>())];

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var own = new Random(worker);
            for (var step = 0; step < Steps; step++)
            {
                await StepAsync(replicas[own.Next(replicas.Length)], Some.User($"user-{own.Next(Users)}"), own);
            }
        })));

        await Eventually.BecomesTrueAsync(
            async () => (await stage.Outbox.ReadStatisticsAsync(CancellationToken.None)).Waiting == 0, Limit, "all events are delivered");
        Assert.Empty(await RecordedChanges.DifferencesAsync(stage.Database));
        var written = await RecordedChanges.EventsAsync(stage.Database);
        var arrived = stage.Receiver.Received.Select(one => $"{one.UserId} {one.Id}").Distinct().ToArray();
        Assert.True(written.Count > 100, $"{written.Count} events");
        for (var user = 0; user < Users; user++) Assert.Equal(written.Where(one => IsOf(one, user)), arrived.Where(one => IsOf(one, user)));

        bool Chance(int of)
        {
            lock (random) return random.Next(of) == 0;
        }

        static bool IsOf(string line, int user) => line.StartsWith($"user-{user} ", StringComparison.Ordinal);
    }

    private static async Task StepAsync(ConnectionStore store, UserId user, Random random)
    {
        var row = await store.FindAsync(user, CancellationToken.None);
        switch (random.Next(5))
        {
            case 0:
                await store.DeleteAsync(user, CancellationToken.None);
                break;
            case 1 or 2 when row is not null:
                var lease = RefreshLease.Of(row);
                await store.TakeLeaseAsync(lease, forced: false, CancellationToken.None);
                await store.RequireReconnectAsync(lease, ReconnectReason.RefreshRefused, CancellationToken.None);
                // Late tokens of the same version: they restore the row, unless another change was first.
                if (random.Next(2) == 0) await store.SaveAsync(Late(lease), CancellationToken.None);
                break;
            default:
                var (access, refresh) = (new SealedToken("v1:k:a"), new SealedToken("v1:k:r"));
                var connection = ConnectionRows.Issued(user, access, refresh, "scope");
                var issuedAt = DateTimeOffset.UtcNow.AddSeconds(random.Next(3) - 1);
                // Twice, as where the first answer was lost.
                await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => store.StoreAsync(connection, issuedAt, CancellationToken.None)));
                break;
        }
    }

    private static IssuedTokens Late(RefreshLease lease) => ConnectionRows.Issued(lease.UserId, new SealedToken("v1:k:b")).Of(lease);
}
