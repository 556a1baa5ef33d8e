using FathomGateway.Tokens;
using FathomGateway.Tokens.Budget;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Tokens;

public sealed class TokenBudgetTests : IDisposable
{
    private readonly ScriptedDatabase _store = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly TokenBudget _budget;

    public TokenBudgetTests() => _budget = New(50);

    [Fact]
    public async Task Many_refreshes_ask_the_database_once_more_than_the_budget_and_then_wait_F23()
    {
        var left = 50;
        _store.Answer = () => Task.FromResult<TimeSpan?>(Interlocked.Decrement(ref left) >= 0 ? null : TimeSpan.FromSeconds(40));

        var waits = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => _budget.TakeAsync(Cancel))));

        Assert.Equal((50, 51), (waits.Count(wait => wait is null), _store.Asked));
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromSeconds(10), await _budget.TakeAsync(Cancel));
        Assert.Equal(51, _store.Asked);
        _clock.Advance(TimeSpan.FromSeconds(10));
        left = 1;
        Assert.Null(await _budget.TakeAsync(Cancel));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(TokenBudget.Unlimited)]
    public async Task A_pause_of_the_token_budget_holds_at_once_even_if_it_cannot_be_stored(int limit)
    {
        using var budget = New(limit);
        _store.Answer = () => throw new ConnectionStoreUnavailableException("away");

        await budget.PauseAsync(TimeSpan.FromSeconds(20));
        await budget.PauseAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(20), await budget.TakeAsync(Cancel));
    }

    [Fact]
    public async Task A_wall_clock_that_is_set_back_prolongs_no_pause_of_the_token_budget()
    {
        var clock = new WallClock();
        using var budget = new TokenBudget(new TokenCallStore(_store), 50, clock, NullLogger<TokenBudget>.Instance);
        await budget.PauseAsync(TimeSpan.FromSeconds(20));
        clock.Ahead = -TimeSpan.FromDays(1);

        Assert.InRange((await budget.TakeAsync(Cancel))!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_pause_of_the_token_budget_is_bounded()
    {
        await _budget.PauseAsync(TimeSpan.FromDays(1));

        Assert.Equal(TokenBudget.MaxPause, await _budget.TakeAsync(Cancel));
    }

    [Fact]
    public async Task A_pause_of_the_token_budget_holds_while_its_store_hangs()
    {
        var stored = new TaskCompletionSource<TimeSpan?>();
        _store.Answer = () => stored.Task;

        var pausing = _budget.PauseAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(20), await _budget.TakeAsync(Cancel));
        stored.SetResult(null);
        await pausing;
    }

    [Fact]
    public async Task A_count_in_the_token_budget_never_fails_and_ends_without_the_database()
    {
        _store.Answer = () => throw new ConnectionStoreUnavailableException("away");
        await _budget.CountRefreshAsync();

        _store.Answer = () => new TaskCompletionSource<TimeSpan?>().Task;
        await _budget.CountRefreshAsync();
        Assert.Equal(2, _store.Asked);
    }

    [Fact]
    public async Task The_database_is_asked_for_the_pause_alone_without_a_token_budget()
    {
        using var budget = New(TokenBudget.Unlimited);
        await budget.CountRefreshAsync();
        await budget.CountExchangeAsync(Some.User("ann"));
        Assert.False(await budget.MustWaitAsync(Some.User("ann"), Cancel));
        Assert.Null(await budget.TakeAsync(Cancel));
        Assert.Equal(0, _store.Asked);

        Assert.Null(await budget.PeekAsync(Cancel));
        Assert.Equal(1, _store.Asked);
    }

    [Fact]
    public async Task A_failing_database_grants_no_call_of_the_budget_and_delays_no_later_one()
    {
        _store.Answer = () => throw new ConnectionStoreUnavailableException("away");
        await Assert.ThrowsAsync<ConnectionStoreUnavailableException>(() => _budget.TakeAsync(Cancel));

        _store.Answer = () => Task.FromResult<TimeSpan?>(null);
        Assert.Null(await _budget.TakeAsync(Cancel));
    }

    public void Dispose() => _budget.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TokenBudget New(int limit) => new(new TokenCallStore(_store), limit, _clock, NullLogger<TokenBudget>.Instance);

    /// <summary>A clock whose time can be set without moving timers; the library's own moves both.</summary>
    private sealed class WallClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
