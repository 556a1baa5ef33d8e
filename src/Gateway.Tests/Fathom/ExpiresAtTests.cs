using System.Globalization;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

/// <summary>A point in time in place of a number of seconds, by the provider's clock.</summary>
public sealed class ExpiresAtTests(ProviderStage stage) : IClassFixture<ProviderStage>
{
    private const int Life = 1800;

    /// <summary>By the provider's clock, which is not this machine's.</summary>
    private static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    public static TheoryData<string> Moments
    {
        get
        {
            var end = Now.AddSeconds(Life);
            var (seconds, utc) = (end.ToUnixTimeSeconds(), end.UtcDateTime);
            return
            [
                $"{seconds}", $"{seconds}.25", $"\"{seconds}\"", $"{end.ToUnixTimeMilliseconds()}", $"\"{end.ToUnixTimeMilliseconds()}\"",
                Text(utc, "yyyy-MM-ddTHH:mm:ssZ"), Text(utc, "yyyy-MM-ddTHH:mm:ss.fffZ"), Text(utc, "yyyy-MM-ddTHH:mm:ss"),
                Text(utc, "yyyy-MM-dd HH:mm:ss"), Text(utc.AddHours(2), "yyyy-MM-ddTHH:mm:ss+02:00"), Text(utc, "r"),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task An_expires_at_gives_the_lifetime_as_expires_in_does(string expiresAt) =>
        Assert.Equal(TimeSpan.FromSeconds(Life), await LifetimeAsync($",\"expires_at\":{expiresAt}"));

    [Theory]
    [InlineData("60", 60)]
    [InlineData("\"60\"", 60)]
    [InlineData("0", Life)]
    [InlineData("null", Life)]
    [InlineData("\"\"", Life)]
    public async Task A_plausible_expires_in_takes_precedence_over_expires_at(string expiresIn, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds),
        await LifetimeAsync($",\"expires_in\":{expiresIn},\"expires_at\":{Now.AddSeconds(Life).ToUnixTimeSeconds()}"));

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"soon\"")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1000000000")]
    [InlineData("\"2001-01-01T00:00:00Z\"")]
    [InlineData("[1]")]
    [InlineData("\"NaN\"")]
    public async Task An_invalid_or_past_expires_at_gives_the_default_lifetime(string expiresAt) =>
        Assert.Equal(TimeSpan.FromHours(1), await LifetimeAsync($",\"expires_at\":{expiresAt}"));

    [Theory]
    [InlineData("1e300")]
    [InlineData("\"9999-12-31T23:59:59Z\"")]
    [InlineData("\"Infinity\"")]
    public async Task A_far_expires_at_gives_a_lifetime_of_a_year_at_most(string expiresAt) =>
        Assert.Equal(TimeSpan.FromDays(365), await LifetimeAsync($",\"expires_at\":{expiresAt}"));

    private static string Text(DateTime time, string format) => $"\"{time.ToString(format, CultureInfo.InvariantCulture)}\"";

    private async Task<TimeSpan> LifetimeAsync(string members)
    {
        var body = $$"""{"access_token":"new","token_type":"Bearer"{{members}}}""";
        var result = await stage.RefreshAsync(RawResponse.Verbatim(
            $"HTTP/1.1 200 OK\r\nDate: {Now:R}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        return Assert.IsType<TokenResult.Granted>(result).Tokens.Lifetime;
    }
}
