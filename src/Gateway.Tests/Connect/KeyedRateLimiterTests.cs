using FathomGateway.Connect.Clients;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class KeyedRateLimiterTests
{
    private const int Burst = 5;

    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(6);

    private readonly FakeTimeProvider _time = new();
    private readonly KeyedRateLimiter<string> _limit;

    public KeyedRateLimiterTests() => _limit = new KeyedRateLimiter<string>(Burst, Refill, _time);

    [Fact]
    public void A_key_has_its_burst_at_once_and_is_told_how_long_the_next_one_takes()
    {
        UseUp("ann");

        Assert.Equal(Refill, _limit.Check("ann"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(4), _limit.Check("ann"));
        Assert.Null(_limit.Check("ben"));
    }

    [Fact]
    public void A_key_has_one_more_attempt_after_the_wait_that_it_was_told()
    {
        UseUp("ann");

        _time.Advance(_limit.Check("ann")!.Value);

        Assert.Null(_limit.Check("ann"));
        Assert.NotNull(_limit.Check("ann"));
    }

    [Fact]
    public void A_key_that_pauses_has_its_burst_again_and_no_more()
    {
        UseUp("ann");

        _time.Advance(TimeSpan.FromDays(1));

        UseUp("ann");
        Assert.NotNull(_limit.Check("ann"));
    }

    [Fact]
    public void Refused_attempts_do_not_make_anybody_wait_longer()
    {
        UseUp("ann");
        for (var i = 0; i < 100; i++) Assert.Equal(Refill, _limit.Check("ann"));
    }

    [Fact]
    public async Task Concurrent_attempts_of_a_key_get_exactly_the_burst()
    {
        var tries = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => _limit.Check("ann"))));

        Assert.Equal(Burst, tries.Count(wait => wait is null));
    }

    /// <summary>Otherwise each user would take memory for the lifetime of the process.</summary>
    [Fact]
    public async Task Keys_that_have_their_burst_again_are_forgotten_and_the_others_are_not()
    {
        for (var user = 0; user < 1_000; user++) _limit.Check($"user-{user}");
        _time.Advance(Burst * Refill - TimeSpan.FromSeconds(1));
        UseUp("ann");

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(_limit.Check("ann"));

        await Eventually.BecomesTrueAsync(() => _limit.Count == 1, TimeSpan.FromSeconds(30), "only ann is left");
        Assert.NotNull(_limit.Check("ann"));
    }

    private void UseUp(string key)
    {
        for (var i = 0; i < Burst; i++) Assert.Null(_limit.Check(key));
    }
}
