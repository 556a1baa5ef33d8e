using FathomGateway.State;
using Xunit;

namespace FathomGateway.Tests.State;

/// <summary>How many states one user may have waiting.</summary>
public abstract partial class StateStoreContract
{
    [Fact]
    public async Task The_latest_five_states_of_a_user_are_kept_T29()
    {
        var (store, user, other) = (await StoreAsync(), Fresh(), Fresh());
        var others = await SavedAsync(store, other);
        var nonces = new List<StateNonce>();
        for (var i = 0; i < 8; i++) nonces.Add(await SavedAsync(store, user));

        Assert.All(
            nonces[..3], nonce => Assert.IsType<Redemption.Absent>(store.RedeemAsync(nonce, user, Guid.NewGuid(), Cancel).Result));
        Assert.All(
            nonces[3..], nonce => Assert.IsType<Redemption.Redeemed>(store.RedeemAsync(nonce, user, Guid.NewGuid(), Cancel).Result));
        Assert.IsType<Redemption.Redeemed>(await store.RedeemAsync(others, other, Guid.NewGuid(), Cancel));
    }

    [Fact]
    public async Task A_redeemed_state_does_not_count_among_the_users_five_T29()
    {
        var (store, user) = (await StoreAsync(), Fresh());
        var first = await SavedAsync(store, user);
        for (var i = 0; i < 20; i++) await store.RedeemAsync(await SavedAsync(store, user), user, Guid.NewGuid(), Cancel);

        Assert.IsType<Redemption.Redeemed>(await store.RedeemAsync(first, user, Guid.NewGuid(), Cancel));
    }

    [Fact]
    public async Task Five_states_are_kept_of_a_user_who_begins_many_times_at_once_T29()
    {
        var (store, user) = (await StoreAsync(), Fresh());
        var nonces = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Task.Run(() => SavedAsync(store, user))));

        var redemptions = await Task.WhenAll(nonces.Select(nonce => store.RedeemAsync(nonce, user, Guid.NewGuid(), Cancel)));
        Assert.Equal(IStateStore.MaxPerUser, redemptions.OfType<Redemption.Redeemed>().Count());
    }
}
