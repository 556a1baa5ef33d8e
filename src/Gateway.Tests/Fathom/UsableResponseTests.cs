using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class UsableResponseTests(TokenEndpointStage stage) : IClassFixture<TokenEndpointStage>
{
    private static readonly TimeSpan OneYear = TimeSpan.FromDays(366);

    public static TheoryData<string> Bodies =>
    [
        """{"access_token":"new","token_type":"bearer","expires_in":3600}""",
        """{"access_token":"new","token_type":"BEARER","expires_in":3600}""",
        """{"access_token":"new","token_type":"Bearer","expires_in":3600,"refresh_token":null,"scope":null}""",
        """{"access_token":"new","token_type":"Bearer","scope":"a\u0000b"}""",
        """{"access_token":"new","token_type":"Bearer","scope":"a b","id_token":"x","more":{"a":[1,2,{}]}}""",
        """  {"access_token":"new","token_type":"Bearer"}  """,
        """{"access_token":"\u006eew","token_type":"Bearer"}""",
        """{"access_token":"new","token_type":"Bearer","error":null}""",
        """{"access_token":"new","token_type":"Bearer","error":""}""",
        """{"access_token":"new","token_type":" Bearer "}""",
        """{"access_token":"new","token_type":"BearerToken"}""",
        """{"access_token":"new","token_type":"Bearer Token"}""",
        """{"access_token":"new","token_type":"bearer_token"}""",
        """{"access_token":"new","token_type":""}""",
        """{"access_token":"new","token_type":null}""",
        """{"access_token":"new"}""",
        """{"access_token":" new\t","token_type":"Bearer","refresh_token":"  "}""",
    ];

    /// <summary>What stands for <c>expires_in</c>, and the seconds that are believed; null for any that will do.</summary>
    public static TheoryData<string, int?> Lifetimes => new()
    {
        { "3600", 3600 },
        { "\"3600\"", 3600 },
        { "\" 3600 \"", 3600 },
        { "\"3600.9\"", 3600 },
        { "3600.5", 3600 },
        { "60", 60 },
        { "2592000", 2_592_000 },
        { "0", null },
        { "-1", null },
        { "null", null },
        { "true", null },
        { "\"soon\"", null },
        { "[3600]", null },
        { "1e9", null },
        { "1e300", null },
        { "99999999999999999999", null },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Tokens_are_stored_from_any_token_response_of_the_RFC_F13(string body)
    {
        var (redirect, accessToken) = await stage.ReconnectAsync(RawResponse.Json(body));

        Assert.Equal(CallbackRedirect.Success, redirect);
        Assert.Equal("new", accessToken);
    }

    [Fact]
    public async Task A_byte_order_mark_in_a_token_response_is_ignored_F13()
    {
        var (redirect, accessToken) = await stage.ReconnectAsync(
            RawResponse.Json([.. Encoding.UTF8.Preamble, .. """{"access_token":"new","token_type":"Bearer"}"""u8]));

        Assert.Equal(CallbackRedirect.Success, redirect);
        Assert.Equal("new", accessToken);
    }

    [Theory]
    [InlineData("""{"access_token":"new","token_type":"Bearer"}""", "chunked")]
    [InlineData("""{"access_token":"new","token_type":"Bearer"}""", "to the end")]
    public async Task A_token_response_may_be_chunked_or_end_with_its_connection(string body, string framing)
    {
        var answer = framing == "chunked"
            ? RawResponse.Verbatim(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + $"1\r\n{{\r\n{body.Length - 1:x}\r\n{body[1..]}\r\n0\r\n\r\n")
            : async exchange =>
            {
                await exchange.ReadRequestAsync();
                await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{body}");
                exchange.Close();
            };

        Assert.Equal(CallbackRedirect.Success, (await stage.ConnectAsync(answer)).Redirect);
    }

    [Theory]
    [MemberData(nameof(Lifetimes))]
    public async Task An_implausible_lifetime_of_a_token_response_never_spoils_its_tokens_F13(string expiresIn, int? seconds)
    {
        var (redirect, row) =
            await stage.ConnectAsync(RawResponse.Json($$"""{"access_token":"new","token_type":"Bearer","expires_in":{{expiresIn}}}"""));

        Assert.Equal(CallbackRedirect.Success, redirect);
        var life = row!.ExpiresAt - row.ConnectedAt;
        Assert.InRange(life, TimeSpan.FromSeconds(30), OneYear);
        if (seconds is not null)
        {
            Assert.Equal(seconds.Value, life.TotalSeconds, tolerance: 15);
        }
    }
}
