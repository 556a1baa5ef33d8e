using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

/// <summary>A browser sends a cookie with requests of any page, so the page's origin has to be checked.</summary>
public sealed class CookieOriginTests : IAsyncLifetime
{
    private const string Frontend = $"Origin: {TestSettings.FrontendUrl}\r\n";
    private Stage _stage = null!;

    [Theory]
    [InlineData("Origin: https://app.example.test\r\n", 200)]
    [InlineData("Origin: https://admin.example.test\r\n", 200)]
    [InlineData("Origin: https://app.example.test\r\nSec-Fetch-Site: cross-site\r\n", 200)]
    [InlineData("Sec-Fetch-Site: same-origin\r\n", 200)]
    [InlineData("Sec-Fetch-Site: same-site\r\n", 200)]
    [InlineData("", 401)]
    [InlineData("Sec-Fetch-Site: cross-site\r\n", 401)]
    [InlineData("Sec-Fetch-Site: none\r\n", 401)]
    [InlineData("Sec-Fetch-Site: Same-Origin\r\n", 401)]
    [InlineData("Sec-Fetch-Site: same-origin, same-site\r\n", 401)]
    [InlineData("Referer: https://app.example.test/\r\n", 401)]
    [InlineData("Origin: https://evil.example.test\r\nSec-Fetch-Site: same-site\r\n", 401)]
    [InlineData("Origin: https://evil.test\r\nSec-Fetch-Site: same-origin\r\n", 401)]
    [InlineData("Origin: null\r\nSec-Fetch-Site: same-origin\r\n", 401)]
    [InlineData("Origin: \r\nSec-Fetch-Site: same-origin\r\n", 401)]
    [InlineData("Origin: https://app.example.test/\r\n", 401)]
    [InlineData("Origin: http://app.example.test\r\n", 401)]
    [InlineData("Origin: https://app.example.test.evil.test\r\n", 401)]
    [InlineData("Origin: https://app.example.test\r\nOrigin: https://app.example.test\r\n", 401)]
    public async Task A_JWT_cookie_is_accepted_from_a_page_of_an_allowed_origin_alone_T14(string fields, int status)
    {
        var user = Fresh.User();

        var answer = await AskAsync("GET /fathom/connect", $"Cookie: token={Jwt.For(user)}\r\n{fields}");

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200, _stage.Gateway.Log.Lines.Any(line => line.Contains($"{user} began", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("GET /fathom/status", "")]
    [InlineData("DELETE /fathom/connection", "")]
    [InlineData("POST /fathom/confirm", "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"handle\":\"x\"}")]
    public async Task A_JWT_cookie_needs_an_allowed_origin_on_each_route_of_a_user_T14(string request, string rest)
    {
        var cookie = $"Cookie: token={Jwt.For(Fresh.User())}\r\n";

        Assert.NotEqual(401, (await AskAsync(request, $"{cookie}{Frontend}", rest)).Status);
        Assert.Equal(401, (await AskAsync(request, $"{cookie}Origin: https://evil.example.test\r\nSec-Fetch-Site: same-site\r\n",
            rest)).Status);
        Assert.Equal(401, (await AskAsync(request, cookie, rest)).Status);
    }

    [Fact]
    public async Task A_JWT_that_a_page_has_to_send_itself_needs_no_origin()
    {
        Assert.Equal(200, (await AskAsync("GET /fathom/connect", $"Authorization: Bearer {Jwt.For(Fresh.User())}\r\n")).Status);
        Assert.Equal(200, (await AskAsync("GET /fathom/connect",
            $"x-auth-token: {Jwt.For(Fresh.User())}\r\nOrigin: https://evil.test\r\n")).Status);
    }

    [Fact]
    public async Task A_preflight_allows_the_field_and_the_cookie_to_the_frontend_alone_T14()
    {
        const string Preflight = "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: x-auth-token\r\n";

        var allowed = await AskAsync("OPTIONS /fathom/connect", $"{Frontend}{Preflight}");
        var foreign = await AskAsync("OPTIONS /fathom/connect", $"Origin: https://evil.example.test\r\n{Preflight}");
        var answer = await AskAsync("GET /fathom/connect", Frontend);

        Assert.Equal("true", allowed.Header("Access-Control-Allow-Credentials"));
        Assert.Contains("x-auth-token", allowed.Header("Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(TestSettings.FrontendUrl, answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", answer.Header("Access-Control-Allow-Credentials"));
        Assert.DoesNotContain(foreign.Head.Fields, field => field.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Origin: https://evil.test\r\n")]
    public async Task Proxied_requests_with_a_JWT_cookie_pass_unchanged(string origin)
    {
        _stage.Backend.Answers("HTTP/1.1 200 OK\r\nSet-Cookie: token=x\r\nContent-Length: 2\r\n\r\nok");
        var jwt = Jwt.For(Fresh.User());
        var fields = $"Host: h\r\nCookie: a=b;token={jwt}; token=two\r\nX-Auth-Token: {jwt}\r\n{origin}";

        var answer = await RawClient.ExchangeAsync(_stage.Gateway.Public,
            $"GET /api/x?y=%2f HTTP/1.1\r\n{fields}Connection: close\r\n\r\n");

        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain(answer.Head.Fields, field => field.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        var sent = _stage.Backend.Requests[^1].Head;
        Assert.Equal("/api/x?y=%2f", sent.Target);
        Assert.All(fields.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1), field =>
            Assert.Contains($"\r\n{field}\r\n", sent.Text, StringComparison.Ordinal));
    }

    public async ValueTask InitializeAsync() => _stage = await Stage.StartAsync(
        ("JWT_SOURCE", "bearer,header:x-auth-token,cookie:token"), ("CORS_ORIGINS", "https://admin.example.test"),
            ("PUBLIC_STATUS", "true"), ("LINK_BINDING", "confirm"));

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    private Task<WireMessage> AskAsync(string request, string fields, string rest = "\r\n") => RawClient.ExchangeAsync(
        _stage.Gateway.Public, $"{request} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{fields}{(rest.Length > 0 ? rest : "\r\n")}");
}
