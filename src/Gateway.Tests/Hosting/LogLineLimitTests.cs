using FathomGateway.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Hosting;

public sealed class LogLineLimitTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LogLineLimit _limit;

    public LogLineLimitTests() => _limit = new LogLineLimit(_clock);

    [Fact]
    public void A_kind_of_log_line_is_written_once_a_minute_with_the_number_left_out_since()
    {
        Assert.Equal((true, 0), Allows(Kind()));
        for (var i = 0; i < 100; i++) Assert.False(Allows(Kind()).Allowed);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(Allows(Kind()).Allowed);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((true, 101), Allows(Kind()));
        Assert.False(Allows(Kind()).Allowed);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((true, 1), Allows(Kind()));
    }

    [Fact]
    public void Kinds_of_log_lines_are_limited_separately()
    {
        Assert.True(Allows(Kind()).Allowed);

        Assert.True(Allows(Kind() with { Event = 2 }).Allowed);
        Assert.True(Allows(Kind() with { Category = "B" }).Allowed);
        Assert.True(Allows(Kind() with { Level = LogLevel.Error }).Allowed);
        Assert.True(Allows(Kind() with { Message = "m" }).Allowed);
    }

    [Fact]
    public void Log_messages_beyond_a_thousand_are_limited_as_one_kind()
    {
        var written = Enumerable.Range(0, 5000).Count(i => Allows(Kind() with { Message = $"{i}" }).Allowed);

        Assert.Equal(1001, written);
    }

    private static LogLineLimit.Kind Kind() => new("A", 1, LogLevel.Warning, null);

    private (bool Allowed, long LeftOut) Allows(LogLineLimit.Kind kind) => (_limit.Allows(kind, out var leftOut), leftOut);
}
