using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>The body of a gateway route has five seconds. The limit is the product's own, so these tests wait for it.</summary>
[Trait("Speed", "Slow")]
public sealed class SlowBodyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_body_that_does_not_arrive_is_refused_on_each_route_of_the_gateway_T30()
    {
        await using var stage = await Stage.StartAsync(("LINK_BINDING", "confirm"), ("PUBLIC_STATUS", "true"));
        string[] requests =
        [
            "GET /fathom/connect", "GET /fathom/callback?code=c&state=s", "POST /fathom/confirm", "GET /fathom/status",
            "DELETE /fathom/connection"
        ];

        var answers = await Task.WhenAll(requests.Select(request => BeginAsync(stage, request)));

        Assert.All(answers, answer => Assert.Equal(408, answer.Status));
        Assert.All(answers, answer => Assert.Equal("application/problem+json", answer.Header("Content-Type")));
    }

    /// <summary>Sends the head, and one of the ten bytes that it announces.</summary>
    private static async Task<WireMessage> BeginAsync(Stage stage, string request)
    {
        await using var client = await RawClient.ConnectAsync(stage.Gateway.Public);
        await client.SendAsync(
            $"{request} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {Jwt.For(Fresh.User())}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{");
        return await client.ReadResponseAsync(request[..request.IndexOf(' ', StringComparison.Ordinal)], Limit);
    }
}
