using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class BackendSpellingTests(Stage stage) : IClassFixture<Stage>
{
    [Theory]
    [InlineData("//fathom/connect")]
    [InlineData("///fathom/connect")]
    [InlineData("/fathom//connect")]
    [InlineData("/fathom/connect//")]
    [InlineData("/fathom%2fconnect")]
    [InlineData("/fathom%2Fconnect")]
    [InlineData("/fathom/connect%2f")]
    [InlineData("/fathom%5cconnect")]
    [InlineData("/fathom\\connect")]
    [InlineData("/fathom/connect;a=b")]
    [InlineData("/fathom;a=b/connect")]
    [InlineData("/fathom/connect%20")]
    [InlineData("/%20fathom/connect")]
    [InlineData("/fathom/connect%3f")]
    [InlineData("/fathom/connect.")]
    [InlineData("/fathom/connect...")]
    [InlineData("/fathom/connect/x")]
    [InlineData("/fathom/connects")]
    [InlineData("/fathom/conn%2565ct")]
    [InlineData("/fathom/%e2%84%82onnect")]
    [InlineData("/x/fathom/connect")]
    [InlineData("/xfathom/connect")]
    [InlineData("/fathom/connect/../other")]
    [InlineData("/fathom/other")]
    [InlineData("/fathom/other?x=%2f&y=/fathom/connect")]
    [InlineData("/?/fathom/connect")]
    [InlineData("/fathom")]
    [InlineData("/fathom/")]
    [InlineData("/fathom/status")]
    [InlineData("/fathom/connection")]
    [InlineData("/fathom/confirm")]
    [InlineData("//fathom/callback?code=c&state=s")]
    [InlineData("/fathom/callback;a=b?code=c&state=s")]
    [InlineData("/fathom/callback//")]
    [InlineData("/health")]
    [InlineData("/health/live")]
    [InlineData("/metrics")]
    [InlineData("/connections/u")]
    [InlineData("/favicon.ico")]
    public async Task A_target_that_only_resembles_an_own_route_reaches_the_backend_byte_for_byte_T32(string target)
    {
        foreach (var method in new[] { "GET", "POST", "OPTIONS", "DELETE" })
        {
            var seen = stage.Backend.Requests.Count;
            var answer = await RawClient.ExchangeAsync(
                stage.Gateway.Public, $"{method} {target} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

            Assert.True(answer.BodyText == "backend", $"{method} {target}: {answer.Head}");
            Assert.Equal($"{method} {target} HTTP/1.1", Assert.Single(stage.Backend.Requests.Skip(seen)).Head.StartLine);
        }
    }
}
