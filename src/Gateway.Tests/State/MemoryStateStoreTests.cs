using FathomGateway.State;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.State;

public sealed class MemoryStateStoreTests : StateStoreContract
{
    private readonly FakeTimeProvider _time = new();

    private protected override Task<IStateStore> StoreAsync() => Task.FromResult<IStateStore>(new MemoryStateStore(_time));

    [Theory]
    [InlineData(599, typeof(Redemption.Redeemed))]
    [InlineData(600, typeof(Redemption.Absent))]
    public async Task A_state_lives_ten_minutes(int seconds, Type expected)
    {
        var store = await StoreAsync();
        var nonce = await SavedAsync(store);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.IsType(expected, await store.RedeemAsync(nonce, Some.User("ann"), Guid.NewGuid(), Cancel));
    }

    [Fact]
    public async Task A_state_whose_redeemer_crashed_is_not_stuck()
    {
        var store = await StoreAsync();
        var nonce = await SavedAsync(store);
        await store.RedeemAsync(nonce, Some.User("ann"), Guid.NewGuid(), Cancel);
        _time.Advance(IStateStore.PendingLifetime);

        Assert.IsType<Redemption.Absent>(await store.RedeemAsync(nonce, Some.User("ann"), Guid.NewGuid(), Cancel));
    }

    [Fact]
    public async Task An_outcome_is_remembered_for_two_minutes()
    {
        var store = await StoreAsync();
        var nonce = await SavedAsync(store);
        await store.SettleAsync(nonce, Some.User("ann"), "an-outcome", Cancel);

        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.IsType<Redemption.Settled>(await store.RedeemAsync(nonce, Some.User("ann"), Guid.NewGuid(), Cancel));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<Redemption.Absent>(await store.RedeemAsync(nonce, Some.User("ann"), Guid.NewGuid(), Cancel));
    }

    [Fact]
    public async Task A_waiting_state_is_listed_with_its_remaining_time_until_it_is_redeemed()
    {
        var store = new MemoryStateStore(_time);
        var nonce = await SavedAsync(store);
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal((nonce, TimeSpan.FromSeconds(500)), Assert.Single(store.Waiting()));

        await store.RedeemAsync(nonce, Some.User("ann"), Guid.NewGuid(), Cancel);
        Assert.Empty(store.Waiting());
    }
}
