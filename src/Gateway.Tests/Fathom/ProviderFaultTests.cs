using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class ProviderFaultTests(TokenEndpointStage stage) : IClassFixture<TokenEndpointStage>
{
    private const string Tokens = """{"access_token":"new","token_type":"Bearer"}""";

    [Theory]
    [InlineData("400 Bad Request", """{"error":"invalid_grant"}""", "exchange_failed")]
    [InlineData("400 Bad Request", """{"error":"invalid_grant","error_description":"<script>"}""", "exchange_failed")]
    [InlineData("400 Bad Request", "no JSON", "exchange_failed")]
    [InlineData("401 Unauthorized", """{"error":"invalid_client"}""", "exchange_failed")]
    [InlineData("403 Forbidden", "<html>", "exchange_failed")]
    [InlineData("404 Not Found", "", "exchange_failed")]
    [InlineData("400 Bad Request", Tokens, "exchange_failed")]
    [InlineData("429 Too Many Requests", """{"error":"slow_down"}""", "provider_unavailable")]
    [InlineData("500 Internal Server Error", "", "provider_unavailable")]
    [InlineData("500 Internal Server Error", Tokens, "provider_unavailable")]
    [InlineData("502 Bad Gateway", "<html>", "provider_unavailable")]
    [InlineData("503 Service Unavailable", """{"error":"temporarily_unavailable"}""", "provider_unavailable")]
    public async Task A_refusal_or_a_fault_of_the_provider_is_told_and_costs_nothing_F12(string status, string body, string outcome)
    {
        var (landing, accessToken) = await stage.ReconnectAsync(RawAnswer.Verbatim(
            $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nRetry-After: 1\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        Assert.Equal(Landing.Failure(outcome), landing);
        Assert.Equal("old-access", accessToken);
    }

    [Theory]
    [InlineData("reset before the head")]
    [InlineData("reset after the head")]
    [InlineData("closed without a word")]
    [InlineData("truncated")]
    [InlineData("bad chunking")]
    [InlineData("no HTTP")]
    public async Task A_lost_answer_is_told_and_the_code_is_not_sent_again_F13(string what)
    {
        var (landing, accessToken) = await stage.ReconnectAsync(what switch
        {
            "reset before the head" => RawAnswer.ResetBeforeHeaders,
            "reset after the head" => RawAnswer.ResetAfterHeaders,
            "truncated" => RawAnswer.Truncated(Tokens),
            "bad chunking" => RawAnswer.BadChunking,
            "no HTTP" => RawAnswer.Verbatim("SSH-2.0-OpenSSH_9.9\r\n\r\n"),
            _ => RawAnswer.CloseBeforeHeaders,
        });

        Assert.Equal(Landing.Failure("provider_unavailable"), landing);
        Assert.Equal("old-access", accessToken);
    }

    [Fact]
    public async Task Wrong_client_credentials_are_an_error_in_the_log_that_names_the_settings_F12()
    {
        await stage.ReconnectAsync(RawAnswer.Verbatim("HTTP/1.1 401 Unauthorized\r\nContent-Length: 26\r\n\r\n{\"error\":\"invalid_client\"}"));

        Assert.Contains(stage.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains("FATHOM_CLIENT_ID", StringComparison.Ordinal)
            && line.Contains("FATHOM_CLIENT_SECRET", StringComparison.Ordinal));
    }
}
