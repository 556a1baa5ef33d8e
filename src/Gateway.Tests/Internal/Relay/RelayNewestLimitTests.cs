using FathomGateway.Internal.Relay;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>Several answers of the API say different things of one user's limit.</summary>
public sealed class RelayNewestLimitTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Theory]
    [InlineData(429, "Retry-After: 30", 429, "Retry-After: 2", 2)]
    [InlineData(429, "Retry-After: 4", 429, "Retry-After: 2", 2)]
    [InlineData(200, "RateLimit-Remaining: 0;RateLimit-Reset: 4", 200, "RateLimit-Remaining: 0;RateLimit-Reset: 5", 5)]
    [InlineData(429, "Retry-After: 4", 200, "RateLimit-Remaining: 7;RateLimit-Reset: 50", 0)]
    [InlineData(429, "Retry-After: 4", 200, "", 4)]
    public async Task The_newest_answer_of_the_API_says_how_long_a_user_waits(
        int first, string fieldsOfFirst, int second, string fieldsOfSecond, int seconds)
    {
        var limit = new RelayRateLimit(MaxWait, _clock);
        limit.Note(Some.User("ann"), RelayRateLimitTests.Answer(first, fieldsOfFirst), _clock.GetTimestamp());
        limit.Note(Some.User("ann"), RelayRateLimitTests.Answer(second, fieldsOfSecond), _clock.GetTimestamp());

        var waiting = limit.WaitAsync(Some.User("ann"), Cancel);
        Assert.Equal(seconds == 0, waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        await waiting.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
    }

    [Theory]
    [InlineData(200, "RateLimit-Remaining: 7")]
    [InlineData(429, "Retry-After: 1")]
    public void An_answer_to_a_relay_call_that_was_sent_before_the_limit_was_met_does_not_shorten_it(int status, string fields)
    {
        var limit = new RelayRateLimit(MaxWait, _clock);
        var sent = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        limit.Note(Some.User("ann"), RelayRateLimitTests.Answer(429, "Retry-After: 4"), _clock.GetTimestamp());
        limit.Note(Some.User("ann"), RelayRateLimitTests.Answer(status, fields), sent);

        var waiting = limit.WaitAsync(Some.User("ann"), Cancel);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.False(waiting.IsCompleted);
    }

    [Theory]
    [InlineData(-3600, 429, "Retry-After: 2")]
    [InlineData(3600, 429, "Retry-After: 2")]
    [InlineData(-3600, 200, "RateLimit-Remaining: 7")]
    [InlineData(3600, 200, "RateLimit-Remaining: 7")]
    public async Task A_step_of_the_wall_clock_changes_no_limit_of_the_API(int step, int status, string fields)
    {
        var clock = new SteppedClock(_clock);
        var limit = new RelayRateLimit(MaxWait, clock);
        limit.Note(Some.User("ann"), RelayRateLimitTests.Answer(429, "Retry-After: 4"), clock.GetTimestamp());
        limit.Note(Some.User("ben"), RelayRateLimitTests.Answer(429, "Retry-After: 4"), clock.GetTimestamp());
        clock.Step = TimeSpan.FromSeconds(step);
        limit.Note(Some.User("ann"), RelayRateLimitTests.Answer(status, fields), clock.GetTimestamp());

        var (ann, ben) = (limit.WaitAsync(Some.User("ann"), Cancel), limit.WaitAsync(Some.User("ben"), Cancel));
        Assert.Equal((status == 200, false), (ann.IsCompleted, ben.IsCompleted));
        _clock.Advance(TimeSpan.FromSeconds(4));
        await Task.WhenAll(ann, ben).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A clock whose wall time has been set, as by an administrator.</summary>
    private sealed class SteppedClock(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Step;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(callback, state, dueTime, period);
    }
}
