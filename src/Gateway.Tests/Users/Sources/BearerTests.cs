using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class BearerTests(Stage stage) : IClassFixture<Stage>
{
    [Theory]
    [InlineData("")]
    [InlineData("Authorization:\r\n")]
    [InlineData("Authorization: Bearer\r\n")]
    [InlineData("Authorization: Bearer \r\n")]
    [InlineData("Authorization: Basic dXNlcjpwYXNzd29yZA==\r\n")]
    [InlineData("Authorization: Bearer garbage\r\n")]
    [InlineData("Authorization: Bearer a.b.c\r\n")]
    [InlineData("Authorization: Bearer ..\r\n")]
    [InlineData("Authorization: Bearer ....\r\n")]
    [InlineData("Authorization: Bearer null\r\n")]
    [InlineData("Authorization: Bearer undefined\r\n")]
    [InlineData("Authorization: Bearer \u00e9\u00ff\r\n")]
    [InlineData("Authorization: {token}\r\n")]
    [InlineData("Authorization: Token {token}\r\n")]
    [InlineData("Authorization: Bearer{token}\r\n")]
    [InlineData("Authorization: Bearer {token}, Bearer {token}\r\n")]
    [InlineData("Authorization: Bearer {token}\r\nAuthorization: Bearer {token}\r\n")]
    [InlineData("Cookie: token={token}\r\n")]
    [InlineData("X-Access-Token: {token}\r\n")]
    public async Task Connect_refuses_a_request_without_a_bearer_token(string fields)
    {
        var answer = await ExchangeAsync("/fathom/connect", fields);

        Assert.Equal(401, answer.Status);
        Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.StartsWith("application/problem+json", answer.Header("Content-Type"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task The_Bearer_scheme_is_read_in_any_case(string scheme)
    {
        var answer = await ExchangeAsync("/fathom/connect", $"Authorization: {scheme} {{token}}\r\n");

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task A_JWT_in_the_query_is_not_accepted() =>
        Assert.Equal(401, (await ExchangeAsync("/fathom/connect?access_token={token}&token={token}", "")).Status);

    [Fact]
    public async Task A_refused_JWT_is_a_problem_response_that_says_nothing_about_it()
    {
        using var response = await stage.ConnectAsync(Jwt.For("somebody", secret: new string('x', 40)));

        await Refusal.IsUnauthorizedAsync(response);
        var answer = $"{response}{await response.Content.ReadAsStringAsync()}";
        Assert.DoesNotContain("somebody", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("signature", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("IDX", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7_000, HttpStatusCode.OK)]
    [InlineData(8_300, HttpStatusCode.Unauthorized)]
    [InlineData(20_000, HttpStatusCode.Unauthorized)]
    public async Task A_JWT_has_at_most_8_kB_T21(int length, HttpStatusCode expected)
    {
        // Base64 makes four characters of three.
        var bare = Jwt.For(Fresh.User(), payload: """{"pad":""}""").Length;
        var token = Jwt.For(Fresh.User(), payload: $$"""{"pad":"{{new string('p', (length - bare) * 3 / 4)}}"}""");

        using var response = await stage.ConnectAsync(token);

        Assert.InRange(token.Length, length - 4, length + 4);
        Assert.Equal(expected, response.StatusCode);
    }

    private Task<WireMessage> ExchangeAsync(string target, string fields) => RawClient.ExchangeAsync(
        stage.Gateway.Public, $"GET {target} HTTP/1.1\r\nHost: h\r\n{fields}Connection: close\r\n\r\n".Replace(
            "{token}", Jwt.For(Fresh.User()), StringComparison.Ordinal));
}
