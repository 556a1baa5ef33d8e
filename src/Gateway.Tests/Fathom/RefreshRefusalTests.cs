using System.Globalization;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class RefreshRefusalTests(ProviderStage stage) : IClassFixture<ProviderStage>
{
    private const string Tokens = """{"access_token":"new","token_type":"Bearer"}""";

    [Theory]
    [InlineData(400, """{"error":"invalid_grant"}""", "Refused invalid_grant 400")]
    [InlineData(401, """{"error":"invalid_grant"}""", "Refused invalid_grant 401")]
    [InlineData(401, """{"error":"invalid_client"}""", "Refused invalid_client 401")]
    [InlineData(400, """{"error":"unauthorized_client"}""", "Refused unauthorized_client 400")]
    [InlineData(400, """{"error":"<script>"}""", "Refused other 400")]
    [InlineData(400, "no JSON", "Malformed 400")]
    [InlineData(400, Tokens, "Malformed 400")]
    [InlineData(401, "", "Malformed 401")]
    [InlineData(404, "", "Malformed 404")]
    [InlineData(302, "", "Malformed 302")]
    [InlineData(429, """{"error":"invalid_grant"}""", "RateLimited 60")]
    [InlineData(500, Tokens, "Unavailable status 500")]
    [InlineData(502, "<html>", "Unavailable status 502")]
    [InlineData(503, """{"error":"invalid_grant"}""", "Unavailable status 503")]
    public async Task Refresh_responses_without_tokens_are_told_apart_F12(int status, string body, string expected) =>
        Assert.Equal(expected, Text(await stage.RefreshAsync(Answer(status, body))));

    [Theory]
    [InlineData("30", 30)]
    [InlineData("0", 1)]
    [InlineData("120", 120)]
    [InlineData("86400", 300)]
    [InlineData("99999999999999999999", 300)]
    [InlineData("-5", 60)]
    [InlineData("1.5", 60)]
    [InlineData("soon", 60)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 1)]
    [InlineData("Tue, 31 Dec 2999 23:59:59 GMT", 300)]
    public async Task A_429_of_the_provider_says_how_long_to_wait_within_bounds_F12(string retryAfter, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds),
        Assert.IsType<TokenResult.RateLimited>(await stage.RefreshAsync(Answer(429, "", $"Retry-After: {retryAfter}\r\n"))).RetryAfter);

    [Fact]
    public async Task A_Retry_After_date_is_read_by_the_clock_of_the_provider_F12()
    {
        // A provider whose clock is an hour ahead of ours.
        var theirs = DateTimeOffset.UtcNow.AddHours(1);
        var fields = string.Create(CultureInfo.InvariantCulture, $"Date: {theirs:R}\r\nRetry-After: {theirs.AddSeconds(40):R}\r\n");

        Assert.Equal(
            TimeSpan.FromSeconds(40), Assert.IsType<TokenResult.RateLimited>(await stage.RefreshAsync(Answer(429, "", fields))).RetryAfter);
    }

    private static Func<RawExchange, Task> Answer(int status, string body, string fields = "") =>
        RawResponse.Verbatim(
            $"HTTP/1.1 {status} Told\r\nContent-Type: application/json\r\n{fields}Content-Length: {body.Length}\r\n\r\n{body}");

    private static string Text(TokenResult result) => result switch
    {
        TokenResult.Refused refused => $"Refused {refused.Error} {refused.Status}",
        TokenResult.Malformed malformed => $"Malformed {malformed.Status}",
        TokenResult.RateLimited limited => $"RateLimited {limited.RetryAfter.TotalSeconds}",
        TokenResult.Unavailable unavailable => $"Unavailable {unavailable.Reason}",
        _ => result.GetType().Name,
    };
}
