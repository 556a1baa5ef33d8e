using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class UnusableResponseTests(TokenEndpointStage stage) : IClassFixture<TokenEndpointStage>
{
    private const string Tokens = """{"access_token":"new","token_type":"Bearer","refresh_token":"r","expires_in":3600}""";

    public static TheoryData<string> Bodies =>
    [
        "", " ", "null", "true", "42", "\"access_token\"", "[]", $"[{Tokens}]", "{}", "{", Tokens[..^1], Tokens + Tokens, Tokens + "x",
        "access_token=new&token_type=bearer",
        "<html>200</html>",
        """{"token_type":"Bearer","refresh_token":"r"}""",
        """{"access_token":"","token_type":"Bearer"}""",
        """{"access_token":null,"token_type":"Bearer"}""",
        """{"access_token":42,"token_type":"Bearer"}""",
        """{"access_token":["new"],"token_type":"Bearer"}""",
        """{"access_token":{"value":"new"},"token_type":"Bearer"}""",
        """{"ACCESS_TOKEN":"new","token_type":"Bearer"}""",
        """{"access_token":"new","token_type":"mac"}""",
        """{"access_token":"new","token_type":"DPoP"}""",
        """{"access_token":"new","token_type":"N_A"}""",
        """{"access_token":"  ","token_type":"Bearer"}""",
        """{"access_token":"ne w","token_type":"Bearer"}""",
        """{"access_token":"new","token_type":42}""",
        """{"access_token":"new","token_type":"Bearer","refresh_token":42}""",
        """{"error":"invalid_grant"}""",
        """{"error":"invalid_grant","access_token":"new","token_type":"Bearer"}""",
        """{"access_token":"new\r\nX-Evil: 1","token_type":"Bearer"}""",
        """{"access_token":"new\n","token_type":"Bearer"}""",
        """{"access_token":"n\u0000w","token_type":"Bearer"}""",
        """{"access_token":"n\u00e9w","token_type":"Bearer"}""",
        """{"access_token":"\ud83d\ude00","token_type":"Bearer"}""",
        """{"access_token":"\ud83d","token_type":"Bearer"}""",
        """{"access_token":"new","token_type":"Bearer","refresh_token":"r\r\n"}""",
        """{"access_token":"one","access_token":"two","token_type":"Bearer"}""",
        $$"""{"access_token":"new","token_type":"Bearer","deep":{{new string('[', 100)}}{{new string(']', 100)}}}""",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_token_response_without_usable_tokens_is_no_success_F13(string body) =>
        await AssertFailsAsync(RawResponse.Json(body));

    [Fact]
    public async Task A_token_response_that_is_not_UTF_8_is_no_success_F13() => await AssertFailsAsync(
        RawResponse.Json(Encoding.Latin1.GetBytes(Tokens.Replace("new", "n\u00e9w", StringComparison.Ordinal))));

    [Fact]
    public async Task A_compressed_token_response_is_not_unpacked_T27_F13() => await AssertFailsAsync(RawResponse.Packed(Tokens));

    [Fact]
    public async Task A_page_of_HTML_is_no_token_response_F13() => await AssertFailsAsync(
        RawResponse.Verbatim("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 26\r\n\r\n<html><body>Hi</body></html>"));

    private async Task AssertFailsAsync(Func<RawExchange, Task> script)
    {
        var (redirect, accessToken) = await stage.ReconnectAsync(script);

        Assert.Equal(CallbackRedirect.Failure("exchange_failed"), redirect);
        Assert.Equal("old-access", accessToken);
    }
}
