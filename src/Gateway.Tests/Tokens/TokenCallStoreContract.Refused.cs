using FathomGateway.Tokens.Budget;
using FathomGateway.Users;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>Refused codes delay the users who send them.</summary>
public abstract partial class TokenCallStoreContract
{
    [Fact]
    public async Task A_user_with_three_refused_codes_waits_for_a_minute_and_no_other_user_does()
    {
        var store = await ReplicaAsync();
        for (var refused = 0; refused < 3; refused++)
        {
            Assert.False((await store.RefusedAsync(Ann, Cancel)).MustWait);
            await RefuseAsync(store, Ann);
        }

        Assert.True((await store.RefusedAsync(Ann, Cancel)).MustWait);
        Assert.False((await store.RefusedAsync(Ben, Cancel)).MustWait);
        await AgeAsync(TokenBudget.Window + TimeSpan.FromSeconds(1));
        Assert.False((await store.RefusedAsync(Ann, Cancel)).MustWait);
    }

    [Fact]
    public async Task Users_with_a_recent_refused_code_wait_once_ten_codes_of_all_users_were_refused()
    {
        var store = await ReplicaAsync();
        await RefuseAsync(store, Ann);
        await AgeAsync(TimeSpan.FromMinutes(9));
        for (var user = 0; user < 10; user++) await RefuseAsync(store, Some.User($"user-{user}"));

        Assert.True((await store.RefusedAsync(Ann, Cancel)).MustWait);
        Assert.False((await store.RefusedAsync(Ben, Cancel)).MustWait);
        await AgeAsync(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(1));
        Assert.False((await store.RefusedAsync(Ann, Cancel)).MustWait);
    }

    [Fact]
    public async Task Half_of_the_token_budget_is_left_to_refreshes_however_many_codes_are_exchanged()
    {
        var store = await ReplicaAsync();
        for (var code = 0; code < 100; code++) await store.NoteExchangeAsync(Ann, refused: false, Cancel);

        for (var refresh = 0; refresh < 25; refresh++) Assert.Null(await store.TakeAsync(50, Cancel));
        Assert.InRange((await store.TakeAsync(50, Cancel))!.Value, TimeSpan.FromSeconds(1), TokenBudget.Window);
    }

    [Fact]
    public async Task A_look_at_the_token_budget_takes_no_call()
    {
        var store = await ReplicaAsync();
        for (var i = 0; i < 3; i++) Assert.Null(await store.PeekAsync(1, Cancel));
        Assert.Null(await store.TakeAsync(1, Cancel));

        Assert.NotNull(await store.PeekAsync(1, Cancel));
        Assert.Equal(1, await RowsAsync());
    }

    private static UserId Ann => Some.User("ann");

    private static UserId Ben => Some.User("ben");

    private static async Task RefuseAsync(TokenCallStore store, UserId user)
    {
        await store.NoteExchangeAsync(user, refused: false, Cancel);
        await store.NoteExchangeAsync(user, refused: true, Cancel);
    }
}
