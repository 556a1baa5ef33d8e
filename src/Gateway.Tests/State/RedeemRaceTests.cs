using FathomGateway.State;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.State;

/// <summary>Two threads that redeem one state of this process's memory at the same moment.</summary>
public sealed class RedeemRaceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Two_concurrent_redeems_of_a_state_give_its_record_once()
    {
        using var time = new PausingTimeProvider();
        using var store = new MemoryStateStore(time);
        var nonce = StateNonce.Create();
        await store.SaveAsync(nonce, new(Some.User("ann"), null), IStateStore.StateLifetime, TestContext.Current.CancellationToken);

        var given = 0;
        Thread Redeeming() => new(() =>
        {
            var redemption = store.RedeemAsync(nonce, Some.User("ann"), Guid.NewGuid(), CancellationToken.None);
            if (redemption.GetAwaiter().GetResult() is Redemption.Redeemed) Interlocked.Increment(ref given);
        })
        {
            IsBackground = true,
        };
        var (first, second) = (Redeeming(), Redeeming());
        time.PauseTheNextCall();
        first.Start();
        await Eventually.BecomesTrueAsync(() => time.IsPaused, Patience, "the first redeem looks");
        second.Start();
        await Eventually.BecomesTrueAsync(
            () => (second.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0,
            Patience,
            "the second redeem waits or has ended");
        time.Resume();
        first.Join();
        second.Join();

        Assert.Equal(1, given);
    }

    /// <summary>A clock that holds one of its callers until it is told to go on.</summary>
    private sealed class PausingTimeProvider : FakeTimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _resume = new();
        private int _pauses;

        public bool IsPaused { get; private set; }

        public void PauseTheNextCall() => _pauses = 1;

        public void Resume() => _resume.Set();

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Exchange(ref _pauses, 0) == 1)
            {
                IsPaused = true;
                _resume.Wait();
            }

            return base.GetUtcNow();
        }

        public void Dispose() => _resume.Dispose();
    }
}
