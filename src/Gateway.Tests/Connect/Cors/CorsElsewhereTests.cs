using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class CorsElsewhereTests(Stage stage) : IClassFixture<Stage>
{
    private const string Origin = $"Origin: {TestSettings.FrontendUrl}\r\n";
    private const string Preflight = $"{Origin}Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: authorization\r\n";

    [Theory]
    [InlineData("GET", Origin)]
    [InlineData("OPTIONS", Preflight)]
    public async Task The_callback_sends_no_CORS_fields_T14(string method, string fields)
    {
        var answer = await ExchangeAsync(method, "/fathom/callback?code=c&state=s", fields);

        AssertNoCors(answer);
        Assert.DoesNotContain(
            stage.Backend.Requests, request => request.Head.Target.StartsWith("/fathom/callback", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", Origin)]
    [InlineData("OPTIONS", Preflight)]
    public async Task No_CORS_fields_are_added_to_the_backends_responses_T14(string method, string fields)
    {
        stage.Backend.Answers(RecordingBackend.DefaultResponse);

        AssertNoCors(await ExchangeAsync(method, "/api/things", fields));
    }

    [Theory]
    [InlineData("GET", Origin)]
    [InlineData("OPTIONS", Preflight)]
    public async Task The_backends_own_CORS_fields_pass_through_T14(string method, string fields)
    {
        stage.Backend.Answers(
            "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: TEAPOT\r\nVary: X-Own\r\n"
                + "Content-Length: 0\r\n\r\n");

        var answer = await ExchangeAsync(method, "/fathom/other", fields);

        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("TEAPOT", answer.Header("Access-Control-Allow-Methods"));
        Assert.Equal("X-Own", answer.Header("Vary"));
    }

    private static void AssertNoCors(WireMessage answer) =>
        Assert.DoesNotContain(answer.Head.Fields, field => field.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));

    private Task<WireMessage> ExchangeAsync(string method, string target, string fields) =>
        RawClient.ExchangeAsync(stage.Gateway.Public, $"{method} {target} HTTP/1.1\r\nHost: h\r\n{fields}Connection: close\r\n\r\n");
}
