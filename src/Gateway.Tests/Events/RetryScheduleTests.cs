using FathomGateway.Events;
using FathomGateway.Settings.Responses;
using Xunit;

namespace FathomGateway.Tests.Events;

/// <summary>When an event that was not taken is tried again.</summary>
public sealed class RetryScheduleTests
{
    private const int Day = 24 * 60 * 60;

    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 30)]
    [InlineData(2, 2 * 60)]
    [InlineData(3, 10 * 60)]
    [InlineData(4, 60 * 60)]
    [InlineData(5, 60 * 60)]
    [InlineData(76, 60 * 60)]
    public void An_event_is_tried_again_after_longer_and_longer_pauses_and_then_each_hour(int attempts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.Next(attempts, TimeSpan.Zero, null));

    [Fact]
    public void An_event_is_tried_for_three_days_after_the_first_pauses()
    {
        var (age, attempts) = (TimeSpan.Zero, 0L);
        while (RetrySchedule.Next(attempts, age, null) is { } pause) (age, attempts) = (age + pause, attempts + 1);

        Assert.Equal(TimeSpan.FromDays(3) + new TimeSpan(1, 12, 35), RetrySchedule.MaxAge);
        Assert.Equal(RetrySchedule.MaxAge + TimeSpan.FromHours(1), age);
        // Five first pauses, 72 hours, and the hour that passes the limit.
        Assert.Equal(5 + 72 + 1, attempts);
    }

    [Theory]
    [InlineData(4, 30 * Day, true)]
    [InlineData(5, 3 * Day, true)]
    [InlineData(5, 4 * Day, false)]
    public void An_event_rests_when_it_is_old_and_was_tried_six_times(int attempts, int age, bool isTriedAgain)
    {
        Assert.Equal(isTriedAgain, RetrySchedule.Next(attempts, TimeSpan.FromSeconds(age), null) is not null);
        Assert.Equal(isTriedAgain, RetrySchedule.Next(attempts, TimeSpan.FromSeconds(age), TimeSpan.FromSeconds(7)) is not null);
    }

    [Theory]
    [InlineData("1000", 1000)]
    [InlineData("0", 1)]
    [InlineData("1", 1)]
    [InlineData("86400", Day)]
    [InlineData("86401", Day)]
    [InlineData("2147483647", Day)]
    [InlineData("2147483648", Day)]
    [InlineData("9999999999", Day)]
    [InlineData("99999999999999999999999999999999", Day)]
    [InlineData("Mon, 30 Nov 2026 12:00:40 GMT", 40)]
    [InlineData("Sun, 29 Nov 2026 12:00:00 GMT", 1)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", Day)]
    [InlineData("-5", 30)]
    [InlineData("1.5", 30)]
    [InlineData("soon", 30)]
    [InlineData("99999999999 s", 30)]
    public void Retry_After_sets_the_pause_from_a_second_to_a_day(string field, int seconds)
    {
        using var response = new HttpResponseMessage();
        Assert.True(response.Headers.TryAddWithoutValidation("Retry-After", field));

        Assert.Equal(
            TimeSpan.FromSeconds(seconds), RetrySchedule.Next(1, TimeSpan.Zero, RetryAfterHeader.Read(response.Headers, Now)));
    }

    [Fact]
    public void A_Retry_After_date_of_the_receiver_is_read_by_its_own_clock()
    {
        using var response = new HttpResponseMessage();
        response.Headers.Date = Now.AddHours(2);
        response.Headers.RetryAfter = new(Now.AddHours(2).AddSeconds(50));

        Assert.Equal(
            TimeSpan.FromSeconds(50), RetrySchedule.Next(0, TimeSpan.Zero, RetryAfterHeader.Read(response.Headers, Now)));
    }
}
