using FathomGateway.Events;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>Which failures of a receiver or a database are logged, by the clock of the test.</summary>
public sealed class OutageLogLimitTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly OutageLogLimit _limit;

    public OutageLogLimitTests() => _limit = new OutageLogLimit(_clock);

    [Fact]
    public void An_outage_is_logged_once_and_so_is_its_end()
    {
        Assert.True(_limit.Fails());
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.False(_limit.Fails());

        Assert.True(_limit.Succeeds());
        Assert.False(_limit.Succeeds());
    }

    [Fact]
    public void An_outage_that_begins_within_a_minute_of_a_logged_one_is_logged_after_that_minute()
    {
        Assert.True(_limit.Fails());
        Assert.True(_limit.Succeeds());
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.False(_limit.Fails());

        _clock.Advance(TimeSpan.FromSeconds(41));

        Assert.True(_limit.Fails());
        Assert.False(_limit.Fails());
    }

    [Fact]
    public void The_end_of_an_outage_that_was_not_logged_is_not_logged()
    {
        Assert.True(_limit.Fails());
        Assert.True(_limit.Succeeds());

        Assert.False(_limit.Fails());
        Assert.False(_limit.Succeeds());
    }
}
