using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class ProviderFaultTests(TokenEndpointStage stage) : IClassFixture<TokenEndpointStage>
{
    private const string Tokens = """{"access_token":"new","token_type":"Bearer"}""";

    /// <summary>
    /// Each status with each body: only an answer of the 2xx range can bring tokens, and what its body says makes none of the others one.
    /// </summary>
    public static TheoryData<int, string> Faults()
    {
        var faults = new TheoryData<int, string>();
        foreach (var status in new[] { 400, 401, 403, 404, 408, 418, 429, 500, 501, 502, 503, 504, 529 })
        {
            foreach (var body in new[]
            {
                Tokens, """{"error":"invalid_grant"}""", """{"error":"invalid_client"}""",
                """{"error":"slow_down","error_description":"<script>"}""", "<html>", ""
            }) faults.Add(status, body);
        }

        return faults;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_refusal_or_a_fault_of_the_provider_keeps_the_old_connection_F12(int status, string body)
    {
        var (redirect, accessToken) = await stage.ReconnectAsync(RawResponse.Verbatim(
            $"HTTP/1.1 {status} Told\r\nContent-Type: application/json\r\nRetry-After: 1\r\nContent-Length: {body.Length}\r\n\r\n{body}"));

        Assert.Equal(CallbackRedirect.Failure(status is 429 or >= 500 ? "provider_unavailable" : "exchange_failed"), redirect);
        Assert.Equal("old-access", accessToken);
    }

    [Theory]
    [MemberData(nameof(LostResponse.Ways), MemberType = typeof(LostResponse))]
    public async Task A_code_whose_token_response_is_lost_is_not_sent_again_F13(string what)
    {
        var (redirect, accessToken) = await stage.ReconnectAsync(LostResponse.Script(what, Tokens));

        Assert.Equal(CallbackRedirect.Failure("provider_unavailable"), redirect);
        Assert.Equal("old-access", accessToken);
    }

    [Fact]
    public async Task Wrong_client_credentials_are_an_error_in_the_log_that_names_the_settings_F12()
    {
        await stage.ReconnectAsync(
            RawResponse.Verbatim("HTTP/1.1 401 Unauthorized\r\nContent-Length: 26\r\n\r\n{\"error\":\"invalid_client\"}"));

        Assert.Contains(stage.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains("FATHOM_CLIENT_ID", StringComparison.Ordinal)
            && line.Contains("FATHOM_CLIENT_SECRET", StringComparison.Ordinal));
    }
}
