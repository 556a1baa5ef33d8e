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
    public async Task A_Redis_that_refuses_is_asked_again_until_the_limit_is_near()
    {
        var answer = AskAsync();
        for (var tenths = 0; tenths < 10; tenths++) _time.Advance(Limit / 10);

        await Assert.ThrowsAsync<StateStoreUnavailableException>(() => answer);
        Assert.InRange(_asked, 9, 10);
    }

    [Fact]
    public async Task A_retry_whose_pause_exceeds_the_limit_ends_with_the_last_failure()
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
