using FathomGateway.Telemetry;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Telemetry;

/// <summary>When a figure is counted again, and how long the last one is told, by the clock of the test.</summary>
public sealed class CachedFigureTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly CachedFigure<string> _figure;
    private Func<string?> _result = () => "first";
    private TimeSpan _takes;
    private int _counts;

    public CachedFigureTests() =>
        _figure = new CachedFigure<string>(_clock, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(5), CountAsync);

    [Fact]
    public async Task A_figure_is_counted_in_the_background_and_at_most_once_a_period()
    {
        Assert.Null(_figure.Last);
        Assert.Equal("first", await LastAsync());

        _result = () => "second";
        Assert.Equal("first", await AfterAsync(seconds: 10));
        Assert.Equal(1, _counts);
        Assert.Equal("second", await AfterAsync(seconds: 10));
    }

    [Fact]
    public async Task A_figure_whose_count_failed_is_kept_and_counted_again_within_a_minute()
    {
        await LastAsync();
        _result = () => null;
        _takes = TimeSpan.FromSeconds(4);
        Assert.Equal("first", await AfterAsync(seconds: 20));
        Assert.Equal(2, _counts);

        _result = () => "second";
        _takes = TimeSpan.Zero;
        Assert.Equal("first", await AfterAsync(seconds: 10));
        Assert.Equal(2, _counts);
        Assert.Equal("second", await AfterAsync(seconds: 50));
    }

    [Fact]
    public async Task A_figure_is_absent_while_counts_have_failed_for_more_than_five_minutes()
    {
        await LastAsync();
        _result = () => null;
        // The first count fails after a minute.
        for (var minute = 1; minute <= 6; minute++) Assert.Equal("first", await AfterAsync(seconds: 60));
        Assert.Null(await AfterAsync(seconds: 60));

        _result = () => "second";
        Assert.Equal("second", await AfterAsync(seconds: 60));
    }

    [Fact]
    public async Task A_figure_that_is_read_once_an_hour_is_that_of_the_hour_before()
    {
        await LastAsync();
        _result = () => "second";
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("first", _figure.Last);
        await _figure.Counting;

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("second", _figure.Last);
        await _figure.Counting;
    }

    [Fact]
    public async Task A_slow_count_takes_a_thousandth_of_the_time_and_is_repeated_after_the_longest_period()
    {
        _takes = TimeSpan.FromMilliseconds(100);
        await LastAsync();
        await AfterAsync(seconds: 90);
        Assert.Equal(1, _counts);

        _takes = TimeSpan.FromSeconds(4);
        await AfterAsync(seconds: 20);
        Assert.Equal(2, _counts);
        await AfterAsync(seconds: 280);
        Assert.Equal(2, _counts);
        await AfterAsync(seconds: 30);
        Assert.Equal(3, _counts);
    }

    [Fact]
    public async Task Counts_that_fail_slowly_take_a_tenth_of_the_time()
    {
        _result = () => null;
        _takes = TimeSpan.FromSeconds(20);
        await LastAsync();
        await AfterAsync(seconds: 190);
        Assert.Equal(1, _counts);
        await AfterAsync(seconds: 20);
        Assert.Equal(2, _counts);
    }

    [Fact]
    public async Task A_count_that_throws_has_failed()
    {
        await LastAsync();
        _result = () => throw new InvalidOperationException("The count is broken.");
        await Assert.ThrowsAsync<InvalidOperationException>(() => AfterAsync(seconds: 20));
        Assert.Equal("first", _figure.Last);

        _result = () => "second";
        Assert.Equal("second", await AfterAsync(seconds: 20));
    }

    private Task<string?> AfterAsync(int seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        return LastAsync();
    }

    /// <summary>Reads the figure, and reads it again once a count that this has begun has ended.</summary>
    private async Task<string?> LastAsync()
    {
        _ = _figure.Last;
        await _figure.Counting;
        return _figure.Last;
    }

    private Task<string?> CountAsync()
    {
        _counts++;
        _clock.Advance(_takes);
        return Task.FromResult(_result());
    }
}
