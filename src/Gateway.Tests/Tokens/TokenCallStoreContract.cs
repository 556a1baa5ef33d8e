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
    public async Task Of_a_herd_over_three_replicas_exactly_the_budget_passes_F23()
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
    public async Task Room_comes_back_as_each_call_leaves_the_window_and_not_before()
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
    public async Task Exchanges_leave_less_for_refreshes_and_are_never_refused()
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
    public async Task A_pause_holds_everybody_back_until_it_is_over(int limit)
    {
        var (store, other) = (await ReplicaAsync(), await ReplicaAsync());
        await store.PauseAsync(TimeSpan.FromSeconds(100), Cancel);
        await store.PauseAsync(TimeSpan.FromSeconds(1), Cancel);

        Assert.InRange((await other.TakeAsync(limit, Cancel))!.Value, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(100));
        await AgeAsync(TimeSpan.FromSeconds(100) + Moment);
        Assert.Null(await other.TakeAsync(limit, Cancel));
    }

    [Fact]
    public async Task What_is_refused_does_not_count()
    {
        var store = await ReplicaAsync();
        await store.PauseAsync(TimeSpan.FromSeconds(100), Cancel);
        for (var i = 0; i < 3; i++) Assert.NotNull(await store.TakeAsync(1, Cancel));

        await AgeAsync(TimeSpan.FromSeconds(100) + Moment);
        Assert.Null(await store.TakeAsync(1, Cancel));
    }

    [Fact]
    public async Task What_has_left_the_window_is_forgotten()
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
    public async Task A_clock_that_is_set_back_blocks_nobody()
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
    public async Task A_database_that_cannot_serve_is_told_as_such()
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
