using System.Diagnostics;
using FathomGateway.Internal.Relay;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>Calls of a user whose limit at the API is spent wait for its end, and those of others do not.</summary>
[Trait("Speed", "Slow")]
public sealed class RelayRateLimitTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Theory]
    [InlineData(429, "Retry-After: 3", 3)]
    [InlineData(429, "Retry-After: 3;RateLimit-Reset: 50", 3)]
    [InlineData(429, "RateLimit-Reset: 4", 4)]
    [InlineData(200, "RateLimit-Remaining: 0;RateLimit-Reset: 2", 2)]
    [InlineData(404, "ratelimit-remaining: 0;ratelimit-reset: 2", 2)]
    [InlineData(200, "RateLimit-Remaining: 0;Retry-After: 2", 2)]
    [InlineData(200, "RateLimit-Remaining: 1;RateLimit-Reset: 2", 0)]
    [InlineData(200, "RateLimit-Remaining: 0", 0)]
    [InlineData(200, "RateLimit-Remaining: none;RateLimit-Reset: 2", 0)]
    [InlineData(200, "Retry-After: 2", 0)]
    [InlineData(503, "Retry-After: 2", 0)]
    [InlineData(429, "Retry-After: soon", 0)]
    [InlineData(429, "Retry-After: -3", 0)]
    [InlineData(429, "Retry-After: 6", 0)]
    [InlineData(429, "RateLimit-Reset: 99999999999999999999", 0)]
    [InlineData(429, "RateLimit-Reset: 9999999999999", 0)]
    [InlineData(429, "", 0)]
    public async Task The_next_relay_call_of_a_user_waits_as_long_as_the_429_says(int status, string fields, int seconds)
    {
        var limit = new RelayRateLimit(MaxWait, _clock);
        limit.Note(Some.User("ann"), Answer(status, fields), _clock.GetTimestamp());

        Assert.True(limit.WaitAsync(Some.User("ben"), Cancel).IsCompleted);
        var waiting = limit.WaitAsync(Some.User("ann"), Cancel);
        Assert.Equal(seconds == 0, waiting.IsCompleted);
        if (seconds > 0) _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(seconds == 0, waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;
        Assert.True(limit.WaitAsync(Some.User("ann"), Cancel).IsCompleted);
    }

    [Fact]
    public void A_RateLimit_Reset_that_is_a_time_is_understood()
    {
        var limit = new RelayRateLimit(MaxWait, _clock);
        var reset = _clock.GetUtcNow().ToUnixTimeSeconds() + 3;
        limit.Note(Some.User("ann"), Answer(429, $"RateLimit-Reset: {reset}"), _clock.GetTimestamp());

        Assert.False(limit.WaitAsync(Some.User("ann"), Cancel).IsCompleted);
    }

    [Fact]
    public async Task A_relay_call_does_not_wait_for_a_limit_longer_than_RELAY_MAX_WAIT()
    {
        var limit = new RelayRateLimit(MaxWait, _clock);
        limit.Note(Some.User("ann"), Answer(429, "Retry-After: 30"), _clock.GetTimestamp());
        Assert.True(limit.WaitAsync(Some.User("ann"), Cancel).IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(26));
        var waiting = limit.WaitAsync(Some.User("ann"), Cancel);
        Assert.False(waiting.IsCompleted);
        // Another call has met the limit meanwhile: it would be longer than one call waits in all.
        limit.Note(Some.User("ann"), Answer(429, "Retry-After: 30"), _clock.GetTimestamp());
        _clock.Advance(TimeSpan.FromSeconds(4));
        await waiting;
    }

    [Fact]
    public void No_relay_call_waits_when_RELAY_MAX_WAIT_is_0()
    {
        var limit = new RelayRateLimit(TimeSpan.Zero, _clock);
        limit.Note(Some.User("ann"), Answer(429, "Retry-After: 1"), _clock.GetTimestamp());

        Assert.True(limit.WaitAsync(Some.User("ann"), Cancel).IsCompleted);
    }

    [Fact]
    public void The_number_of_users_with_a_remembered_rate_limit_is_bounded()
    {
        var limit = new RelayRateLimit(MaxWait, _clock);
        for (var i = 0; i < 20_000; i++) limit.Note(Some.User($"user-{i}"), Answer(429, "Retry-After: 5"), _clock.GetTimestamp());

        Assert.False(limit.WaitAsync(Some.User("user-9999"), Cancel).IsCompleted);
        Assert.True(limit.WaitAsync(Some.User("user-10000"), Cancel).IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(6));
        limit.Note(Some.User("late"), Answer(429, "Retry-After: 5"), _clock.GetTimestamp());
        Assert.False(limit.WaitAsync(Some.User("late"), Cancel).IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_relay_call_waits_no_longer()
    {
        var limit = new RelayRateLimit(MaxWait, _clock);
        limit.Note(Some.User("ann"), Answer(429, "Retry-After: 5"), _clock.GetTimestamp());
        using var gone = new CancellationTokenSource();
        var waiting = limit.WaitAsync(Some.User("ann"), gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Theory]
    [InlineData(429, "Retry-After", "Retry-After: 2")]
    [InlineData(200, "RateLimit-Reset", "RateLimit-Remaining: 0\r\nRateLimit-Reset: 2")]
    public async Task A_spent_limit_is_relayed_and_the_next_call_of_its_user_waits_for_its_end(int status, string name, string fields)
    {
        var stage = new RelayStage();
        await stage.InitializeAsync();
        await using var _ = stage;
        var (ann, ben) = (await stage.UserAsync(), await stage.UserAsync());

        var last = await stage.RelayAsync(ann, $"HTTP/1.1 {status} Word\r\n{fields}\r\nContent-Length: 4\r\n\r\nbody");
        Assert.Equal((status, "2", "body"), (last.Status, last.Header(name), last.BodyText));
        var since = Stopwatch.GetTimestamp();
        var next = stage.RelayAsync(ann, ScriptedApi.Empty);
        Assert.Equal(200, (await stage.RelayAsync(ben, ScriptedApi.Empty)).Status);
        Assert.False(next.IsCompleted);
        Assert.Equal(200, (await next).Status);
        Assert.True(Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(1));
        Assert.Equal(3, stage.Api.Requests.Count);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="fields">Header fields, separated by semicolons.</param>
    internal static HttpResponseMessage Answer(int status, string fields)
    {
        var answer = new HttpResponseMessage((System.Net.HttpStatusCode)status);
        foreach (var field in fields.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = field.Split(": ");
            answer.Headers.TryAddWithoutValidation(parts[0], parts[1]);
        }

        return answer;
    }
}
