using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class OwnSpellingTests(Stage stage) : IClassFixture<Stage>
{
    private static readonly string[] WrongMethods = ["HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "QUERY", "OPTIONS"];

    public static TheoryData<string> Spellings =>
    [
        "/fathom/connect", "/FATHOM/connect", "/Fathom/Connect", "/fathom/connect/", "/fathom/%63onnect", "/%66athom/connect",
        "/fathom/%43ONNECT/",
        "/fathom/./connect", "/./fathom/connect", "/x/../fathom/connect", "/fathom/x/../connect", "/../fathom/connect",
        "/fathom/%2e/connect",
        "/x/%2E%2e/fathom/connect", "/fathom/connect/.", "/fathom/connect/x/..", "/fathom/connect?", "/fathom/connect?a=/b/../c",
        "http://h/fathom/connect",
        "/fathom/callback", "/FATHOM/CALLBACK", "/fathom/callback/", "/fathom/c%61llback", "/fathom/./callback", "/x/../fathom/callback",
        "/fathom/callback?code=c&state=s",
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Every_spelling_of_an_own_route_answers_GET_itself_T32(string target)
    {
        var answer = await ExchangeAsync("GET", target);

        Assert.Equal(target.Contains("onnect", StringComparison.OrdinalIgnoreCase) ? 401 : 302, answer.Status);
        Assert.Empty(stage.Backend.Requests);
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Every_spelling_of_an_own_route_refuses_other_methods_T32(string target)
    {
        foreach (var method in WrongMethods)
        {
            var answer = await ExchangeAsync(method, target);

            Assert.True(answer.Status == 405, $"{method} {target}: {answer.Head}");
            Assert.Contains("GET", $"{answer.Header("Allow")}", StringComparison.Ordinal);
        }

        Assert.Empty(stage.Backend.Requests);
    }

    [Theory]
    [InlineData("/fathom/connect", "GET")]
    [InlineData("/fathom/callback", "GET")]
    [InlineData("/fathom/status", "GET")]
    [InlineData("/fathom/connection", "DELETE")]
    [InlineData("/fathom/confirm", "POST")]
    public async Task A_method_of_an_own_route_in_other_letters_is_refused(string path, string allowed)
    {
        await using var all = await Stage.StartAsync(("PUBLIC_STATUS", "true"), ("LINK_BINDING", "confirm"));
        string[] known = [allowed, "GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH", "TRACE", "QUERY"];
        string[] Others(string method) => [method.ToLowerInvariant(), method[..1] + method[1..].ToLowerInvariant()];
        foreach (var method in known.Distinct().SelectMany(Others))
        {
            // As a preflight, which CORS would answer before routing.
            var answer = await RawClient.ExchangeAsync(
                all.Gateway.Public,
                $"{method} {path} HTTP/1.1\r\nHost: h\r\nOrigin: {TestSettings.FrontendUrl}\r\nAccess-Control-Request-Method: {allowed}\r\n"
                + $"Authorization: Bearer {Jwt.For(Fresh.User())}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

            Assert.True(answer.Status == 405, $"{method} {path}: {answer.Head}");
            Assert.Equal(allowed, answer.Header("Allow"));
        }

        Assert.Empty(all.Backend.Requests);
    }

    private Task<WireMessage> ExchangeAsync(string method, string target) =>
        RawClient.ExchangeAsync(
            stage.Gateway.Public, $"{method} {target} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}
