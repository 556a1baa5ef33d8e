using FathomGateway.State;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.State;

/// <summary>Threads that redeem one state of this process's memory at the very same moment.</summary>
public sealed class RedeemRaceTests
{
    private const int Threads = 4, Rounds = 5_000;

    [Fact]
    public async Task Of_threads_at_the_same_moment_one_is_given_the_record()
    {
        using var store = new MemoryStateStore(new FakeTimeProvider());
        var (user, nonces) = (Some.User("ann"), Enumerable.Range(0, Rounds).Select(_ => StateNonce.Create()).ToArray());
        var given = new int[Rounds];
        using var together = new Barrier(Threads, barrier =>
        {
            if (barrier.CurrentPhaseNumber < Rounds) store.SaveAsync(
                nonces[barrier.CurrentPhaseNumber],
                new AuthorizationState(user, null),
                TimeSpan.FromMinutes(1),
                CancellationToken.None).GetAwaiter().GetResult();
        });

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var round = 0; round < Rounds; round++)
                {
                    together.SignalAndWait(TestContext.Current.CancellationToken);
                    var redemption =
                        store.RedeemAsync(nonces[round], user, RedeemerId.Create(), CancellationToken.None).GetAwaiter().GetResult();
                    if (redemption is Redemption.Redeemed) Interlocked.Increment(ref given[round]);
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.All(given, count => Assert.Equal(1, count));
    }
}
