using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

/// <summary>Where the JWT of a request is looked for, beside the bearer token of every other test.</summary>
public sealed class JwtSourceTests
{
    private const string Allowed = $"Origin: {TestSettings.FrontendUrl}\r\n";

    [Theory]
    [InlineData("bearer", "Authorization: Bearer {a}", 200)]
    [InlineData("bearer", "x-auth-token: {a}", 401)]
    [InlineData("header:x-auth-token", "x-auth-token: {a}", 200)]
    [InlineData("header:X-Auth-Token", "X-AUTH-TOKEN: {a}", 200)]
    [InlineData("HEADER: x-auth-token", "x-auth-token: Bearer {a}", 200)]
    [InlineData("header:x-auth-token", "x-auth-token: bearer {a}", 200)]
    [InlineData("header:x-auth-token", "x-auth-token: {bad}", 401)]
    [InlineData("header:x-auth-token", "x-auth-token: {a}, {a}", 401)]
    [InlineData("header:x-auth-token", "x-auth-token: {a}\r\nx-auth-token: {a}", 401)]
    [InlineData("header:x-auth-token", "Authorization: Bearer {a}", 401)]
    [InlineData("header:authorization", "Authorization: {a}", 200)]
    [InlineData("header:authorization", "Authorization: Bearer {a}", 200)]
    [InlineData("cookie:token", "Cookie: token={a}", 200)]
    [InlineData("cookie:token", "Cookie: a=b; token={a}; c=d", 200)]
    [InlineData("cookie:token", "Cookie: token=\"{a}\"", 200)]
    [InlineData("cookie:token", "Cookie: token=Bearer%20{a}", 200)]
    [InlineData("cookie:token", "Cookie: Token={a}", 401)]
    [InlineData("cookie:token", "Cookie: tokens={a}", 401)]
    [InlineData("cookie:token", "Cookie: token=", 401)]
    [InlineData("cookie:token", "Cookie: token={a}; token={a}", 200)]
    [InlineData("cookie:token", "Cookie: token={a}; token={b}", 401)]
    [InlineData("cookie:token", "Cookie: token={b}; x=y; token=", 401)]
    [InlineData("cookie:token", "Cookie: prefs={\"a\":1,\"b\":[\"c d\"]}; token={a}", 200)]
    [InlineData("cookie:token", "Cookie: flag; =x; a b=c; token={a};", 200)]
    [InlineData("cookie:token", "Cookie: token = {a}", 200)]
    [InlineData("cookie:token", "Cookie: a=b;token={a}", 200)]
    [InlineData("cookie:token", "Cookie: a=b\r\nCookie: token={a}", 200)]
    [InlineData("cookie:token", "Cookie: prefs={\"a\" token={a}", 401)]
    [InlineData("cookie:token", "Cookie: prefs=token={a}", 401)]
    [InlineData("cookie:token", "Cookie: token=x={a}", 401)]
    [InlineData("cookie:__Host-jwt", "Cookie: __Host-jwt={a}", 200)]
    [InlineData("cookie:__Host-jwt", "Cookie: __HOST-jwt={a}", 401)]
    public async Task The_JWT_is_where_JWT_SOURCE_says_and_nowhere_else(string source, string fields, int status)
    {
        await using var stage = await Stage.StartAsync(("JWT_SOURCE", source));

        Assert.Equal(status, await StatusAsync(stage, $"{Allowed}{fields}\r\n"));
    }

    /// <summary>Several places, the first of which names one user and a later one another.</summary>
    [Theory]
    [InlineData("Authorization: Bearer {a}\r\nx-auth-token: {b}\r\nCookie: token={b}", 200)]
    [InlineData("x-auth-token: {a}\r\nCookie: token={b}", 200)]
    [InlineData("Cookie: token={a}", 200)]
    [InlineData("Authorization: Basic dXNlcjpwYXNzd29yZA==\r\nx-auth-token: {a}", 200)]
    [InlineData("Authorization: Bearer \r\nCookie: token={a}", 200)]
    [InlineData("Authorization: Bearer {bad}\r\nx-auth-token: {a}\r\nCookie: token={a}", 401)]
    [InlineData("Authorization: Bearer undefined\r\nCookie: token={a}", 401)]
    [InlineData("x-auth-token: null\r\nCookie: token={a}", 401)]
    public async Task The_first_JWT_source_that_is_present_counts(string fields, int status)
    {
        await using var stage = await Stage.StartAsync(("JWT_SOURCE", "bearer, header:x-auth-token, cookie:token"));
        var (a, b) = (Fresh.User(), Fresh.User());

        var answer = await AskAsync(stage, $"{Allowed}{fields}\r\n", a, b);

        Assert.Equal(status, answer.Status);
        if (status == 200) Assert.Contains(stage.Gateway.Log.Lines, line => line.Contains($"{a} began", StringComparison.Ordinal));
        Assert.DoesNotContain(stage.Gateway.Log.Lines, line => line.Contains($"{b} began", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Cookie: token={a}")]
    [InlineData("x-auth-token: {a}")]
    [InlineData("x-auth-token: Bearer {a}")]
    public async Task The_user_check_sends_the_JWT_to_the_backend_in_the_place_where_it_came(string field)
    {
        await using var me = RecordingBackend.Start();
        me.Answers("HTTP/1.1 204 No Content\r\n\r\n");
        await using var stage = await Stage.StartAsync(("JWT_SOURCE", "header:x-auth-token,cookie:token"),
            ("VERIFY_USER_URL", $"{me.Address}me"));
        var jwt = Jwt.For(Fresh.User());

        var answer = await RawClient.ExchangeAsync(stage.Gateway.Public,
            Request($"{Allowed}{field.Replace("{a}", jwt, StringComparison.Ordinal)}\r\n"));

        Assert.Equal(200, answer.Status);
        var (name, value) = (field.Split(": ")[0], field.Split(": ")[1].Replace("{a}", jwt, StringComparison.Ordinal));
        Assert.Equal(value, me.Request.Header(name));
        Assert.Null(me.Request.Header("Authorization"));
    }

    private static async Task<int> StatusAsync(Stage stage, string fields) =>
        (await AskAsync(stage, fields, Fresh.User(), Fresh.User())).Status;

    private static Task<WireMessage> AskAsync(Stage stage, string fields, string a, string b) =>
        RawClient.ExchangeAsync(stage.Gateway.Public, Request(fields
        .Replace("{a}", Jwt.For(a), StringComparison.Ordinal)
        .Replace("{b}", Jwt.For(b), StringComparison.Ordinal)
        .Replace("{bad}", Jwt.For(a, secret: new string('x', 40)), StringComparison.Ordinal)));

    private static string Request(string fields) => $"GET /fathom/connect HTTP/1.1\r\nHost: h\r\n{fields}Connection: close\r\n\r\n";
}
