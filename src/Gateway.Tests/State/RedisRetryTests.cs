using FathomGateway.State;
using FathomGateway.State.Redis;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.State;

public sealed class RedisRetryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private int _asked;

    [Fact]
    public async Task A_store_that_refuses_is_asked_again_until_the_limit_is_near()
    {
        var answer = AskAsync();
        for (var tenths = 0; tenths < 10; tenths++) _time.Advance(Limit / 10);

        await Assert.ThrowsAsync<StateStoreUnavailableException>(() => answer);
        Assert.InRange(_asked, 9, 10);
    }

    [Fact]
    public async Task A_pause_that_takes_longer_than_the_limit_ends_in_the_failure_that_was_met()
    {
        var answer = AskAsync();
        _time.Advance(Limit * 2);

        await Assert.ThrowsAsync<StateStoreUnavailableException>(() => answer);
        Assert.Equal(2, _asked);
    }

    private Task<string> AskAsync() => RedisRetry.ExecuteAsync<string>(
        Limit,
        _time,
        _ => true,
        () =>
        {
            _asked++;
            throw new StateStoreUnavailableException("Redis refuses.", new TimeoutException(), mayHaveTakenEffect: false);
        },
        CancellationToken.None);
}
