using FathomGateway.State;
using FathomGateway.Users;
using Xunit;

namespace FathomGateway.Tests.State;

/// <summary>What every state store promises; run against each of them.</summary>
public abstract partial class StateStoreContract
{
    private static readonly UserId Ann = Some.User("ann");

    private protected abstract Task<IStateStore> StoreAsync();

    [Fact]
    public async Task A_saved_state_is_redeemed_as_it_was()
    {
        var store = await StoreAsync();
        var (nonce, state) = (StateNonce.Create(), new AuthorizationState(Ann, "a-verifier"));
        await store.SaveAsync(nonce, state, IStateStore.StateLifetime, Cancel);

        Assert.Equal(state, Assert.IsType<Redemption.Redeemed>(await store.RedeemAsync(nonce, Ann, Guid.NewGuid(), Cancel)).State);
    }

    [Theory]
    [InlineData("ü 用户 🙂 '; DROP TABLE x; --")]
    [InlineData("{curly}:braces")]
    public async Task A_user_id_comes_back_as_it_was(string userId)
    {
        var store = await StoreAsync();
        var (nonce, state) = (StateNonce.Create(), new AuthorizationState(Some.User(userId), null));
        await store.SaveAsync(nonce, state, IStateStore.StateLifetime, Cancel);

        Assert.Equal(
            state, Assert.IsType<Redemption.Redeemed>(await store.RedeemAsync(nonce, state.UserId, Guid.NewGuid(), Cancel)).State);
    }

    [Fact]
    public async Task A_redeemed_state_is_pending_until_it_is_settled()
    {
        var store = await StoreAsync();
        var nonce = await SavedAsync(store);

        Assert.IsType<Redemption.Redeemed>(await store.RedeemAsync(nonce, Ann, Guid.NewGuid(), Cancel));
        Assert.IsType<Redemption.Pending>(await store.RedeemAsync(nonce, Ann, Guid.NewGuid(), Cancel));
        await store.SettleAsync(nonce, Ann, "an-outcome", Cancel);

        Assert.Equal(
            "an-outcome", Assert.IsType<Redemption.Settled>(await store.RedeemAsync(nonce, Ann, Guid.NewGuid(), Cancel)).Outcome);
        Assert.Equal(
            "an-outcome", Assert.IsType<Redemption.Settled>(await store.RedeemAsync(nonce, Ann, Guid.NewGuid(), Cancel)).Outcome);
    }

    [Fact]
    public async Task A_redeemer_that_missed_the_record_is_given_it_again_and_no_other_is()
    {
        var store = await StoreAsync();
        var (nonce, state) = (StateNonce.Create(), new AuthorizationState(Ann, "a-verifier"));
        await store.SaveAsync(nonce, state, IStateStore.StateLifetime, Cancel);
        var (redeemer, another) = (Guid.NewGuid(), Guid.NewGuid());

        Assert.Equal(new Redemption.Redeemed(state), await store.RedeemAsync(nonce, Ann, redeemer, Cancel));
        Assert.Equal(new Redemption.Pending(), await store.RedeemAsync(nonce, Ann, another, Cancel));
        Assert.Equal(new Redemption.Redeemed(state), await store.RedeemAsync(nonce, Ann, redeemer, Cancel));
        Assert.Equal(new Redemption.Pending(), await store.RedeemAsync(nonce, Ann, another, Cancel));
        Assert.IsNotType<Redemption.Settled>(await store.PeekAsync(nonce, Ann, Cancel));

        await store.SettleAsync(nonce, Ann, "an-outcome", Cancel);
        Assert.Equal(new Redemption.Settled("an-outcome"), await store.RedeemAsync(nonce, Ann, redeemer, Cancel));
    }

    [Fact]
    public async Task An_outcome_can_be_looked_up_without_redeeming()
    {
        var store = await StoreAsync();
        var nonce = await SavedAsync(store);

        Assert.IsNotType<Redemption.Settled>(await store.PeekAsync(nonce, Ann, Cancel));
        Assert.IsType<Redemption.Redeemed>(await store.RedeemAsync(nonce, Ann, Guid.NewGuid(), Cancel));
        Assert.IsNotType<Redemption.Settled>(await store.PeekAsync(nonce, Ann, Cancel));
        await store.SettleAsync(nonce, Ann, "an-outcome", Cancel);
        Assert.Equal(new Redemption.Settled("an-outcome"), await store.PeekAsync(nonce, Ann, Cancel));
    }

    [Fact]
    public async Task A_state_that_was_never_saved_is_absent()
    {
        var store = await StoreAsync();

        Assert.IsType<Redemption.Absent>(await store.RedeemAsync(StateNonce.Create(), Ann, Guid.NewGuid(), Cancel));
    }

    [Fact]
    public async Task A_state_nonce_is_saved_once()
    {
        var store = await StoreAsync();
        var nonce = await SavedAsync(store);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => store.SaveAsync(nonce, new AuthorizationState(Ann, "another"), IStateStore.StateLifetime, Cancel));
    }

    [Fact]
    public async Task A_state_with_a_hundred_concurrent_redeemers_is_redeemed_by_one()
    {
        var store = await StoreAsync();
        var nonce = await SavedAsync(store);

        var redemptions = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => Task.Run(() => store.RedeemAsync(nonce, Ann, Guid.NewGuid(), Cancel))));

        Assert.Single(redemptions.OfType<Redemption.Redeemed>());
        Assert.Equal(99, redemptions.OfType<Redemption.Pending>().Count());
    }

    [Fact]
    public async Task Several_states_of_one_user_live_side_by_side()
    {
        var store = await StoreAsync();
        var (first, second) = (await SavedAsync(store), await SavedAsync(store));

        Assert.IsType<Redemption.Redeemed>(await store.RedeemAsync(first, Ann, Guid.NewGuid(), Cancel));
        Assert.IsType<Redemption.Redeemed>(await store.RedeemAsync(second, Ann, Guid.NewGuid(), Cancel));
    }

    private static UserId Fresh() => Some.User($"user-{Guid.NewGuid():n}");

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected static Task<StateNonce> SavedAsync(IStateStore store) => SavedAsync(store, Ann);

    private static async Task<StateNonce> SavedAsync(IStateStore store, UserId user)
    {
        var nonce = StateNonce.Create();
        await store.SaveAsync(nonce, new AuthorizationState(user, CodeVerifier: null), IStateStore.StateLifetime, Cancel);
        return nonce;
    }
}
