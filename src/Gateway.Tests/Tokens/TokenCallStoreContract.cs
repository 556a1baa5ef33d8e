using FathomGateway.Tokens;
using FathomGateway.Tokens.Budget;
using Xunit;

namespace FathomGateway.Tests.Tokens;

/// <summary>What every store of token calls promises; run against each of them. The database's clock is moved by moving the rows.</summary>
public abstract partial class TokenCallStoreContract
{
    /// <summary>
    /// A call that is exactly as old as the window is still in it, and SQLite's clock counts whole milliseconds: what is to be out of the
    /// window is made older by this much more.
    /// </summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Exactly_the_budget_of_many_refreshes_over_three_replicas_passes_F23()
    {
        TokenCallStore[] replicas = [await ReplicaAsync(), await ReplicaAsync(), await ReplicaAsync()];

        // Four lines a replica; the product has one.
        var lines = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            var told = new List<TimeSpan?>();
            while (told.Count < 15) told.Add(await replicas[i % 3].TakeAsync(50, Cancel));
            return told;
        })));

        var waits = lines.SelectMany(told => told).ToArray();
        Assert.Equal((50, 130), (waits.Count(wait => wait is null), waits.Count(wait => wait is not null)));
        Assert.All(waits.OfType<TimeSpan>(), wait => Assert.InRange(wait, TimeSpan.FromMilliseconds(1), TokenBudget.Window));
    }

    [Fact]
    public async Task A_call_of_the_token_budget_is_free_again_when_it_leaves_the_window()
    {
        var store = await ReplicaAsync();
        Assert.Null(await store.TakeAsync(2, Cancel));
        await AgeAsync(TimeSpan.FromSeconds(30));
        Assert.Null(await store.TakeAsync(2, Cancel));

        Assert.InRange((await store.TakeAsync(2, Cancel))!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        await AgeAsync(TimeSpan.FromSeconds(30) + Moment);
        Assert.Null(await store.TakeAsync(2, Cancel));
        Assert.NotNull(await store.TakeAsync(2, Cancel));
    }

    [Fact]
    public async Task Exchanges_leave_less_of_the_token_budget_for_refreshes_and_are_never_refused()
    {
        var store = await ReplicaAsync();
        for (var i = 0; i < 2; i++) await store.NoteExchangeAsync(Some.User("ann"), refused: false, Cancel);
        for (var i = 0; i < 2; i++) Assert.Null(await store.TakeAsync(4, Cancel));
        Assert.NotNull(await store.TakeAsync(4, Cancel));

        await AgeAsync(TimeSpan.FromSeconds(40));
        await store.NoteExchangeAsync(Some.User("ann"), refused: false, Cancel);
        await store.NoteExchangeAsync(Some.User("ann"), refused: false, Cancel);

        // Six calls against a limit of four: the four of 40 s ago leave in 20 s, and then there is room for two.
        Assert.InRange((await store.TakeAsync(4, Cancel))!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        await AgeAsync(TimeSpan.FromSeconds(20) + Moment);
        for (var i = 0; i < 2; i++) Assert.Null(await store.TakeAsync(4, Cancel));
        Assert.NotNull(await store.TakeAsync(4, Cancel));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(TokenBudget.Unlimited)]
    public async Task A_stored_pause_holds_all_refreshes_back_until_it_is_over(int limit)
    {
        var (store, other) = (await ReplicaAsync(), await ReplicaAsync());
        await store.PauseAsync(TimeSpan.FromSeconds(100), Cancel);
        await store.PauseAsync(TimeSpan.FromSeconds(1), Cancel);

        Assert.InRange((await other.TakeAsync(limit, Cancel))!.Value, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(100));
        await AgeAsync(TimeSpan.FromSeconds(100) + Moment);
        Assert.Null(await other.TakeAsync(limit, Cancel));
    }

    [Fact]
    public async Task A_refused_take_does_not_count_in_the_token_budget()
    {
        var store = await ReplicaAsync();
        await store.PauseAsync(TimeSpan.FromSeconds(100), Cancel);
        for (var i = 0; i < 3; i++) Assert.NotNull(await store.TakeAsync(1, Cancel));

        await AgeAsync(TimeSpan.FromSeconds(100) + Moment);
        Assert.Null(await store.TakeAsync(1, Cancel));
    }

    [Fact]
    public async Task Old_token_calls_are_deleted()
    {
        var store = await ReplicaAsync();
        for (var i = 0; i < 10; i++) await store.NoteExchangeAsync(Some.User("ann"), refused: false, Cancel);
        await store.CountRefreshAsync(Cancel);
        await AgeAsync(TokenCallStore.RefusalRetention + TimeSpan.FromSeconds(1));
        await store.TakeAsync(50, Cancel);
        await store.DeleteOldAsync(Cancel);

        Assert.Equal(1, await RowsAsync());
    }

    [Fact]
    public async Task A_database_clock_that_is_set_back_blocks_no_token_call()
    {
        var store = await ReplicaAsync();
        await store.TakeAsync(1, Cancel);
        await store.PauseAsync(TimeSpan.FromSeconds(60), Cancel);
        await AgeAsync(TimeSpan.FromHours(-1));

        Assert.Null(await store.TakeAsync(1, Cancel));
        await store.PauseAsync(TimeSpan.FromSeconds(60), Cancel);
        Assert.InRange((await store.TakeAsync(1, Cancel))!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_failing_database_of_token_calls_is_reported_as_such()
    {
        var store = await BrokenAsync();

        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => store.TakeAsync(50, Cancel));
        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => store.CountRefreshAsync(Cancel));
        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => store.PauseAsync(TimeSpan.FromSeconds(1), Cancel));
    }

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A further replica's store on the one database of this test.</summary>
    private protected abstract Task<TokenCallStore> ReplicaAsync();

    /// <summary>A store whose database is not there.</summary>
    private protected abstract Task<TokenCallStore> BrokenAsync();

    /// <summary>Makes everything that is stored older.</summary>
    private protected abstract Task AgeAsync(TimeSpan by);

    private protected abstract Task<long> RowsAsync();
}
