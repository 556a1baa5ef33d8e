using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>
/// Which spellings of a path are the gateway's routes, over both versions. That all others reach the backend unchanged is a family of the
/// differential suite.
/// </summary>
public sealed class OwnRouteTests(Pair pair) : IClassFixture<Pair>
{
    public static TheoryData<string> Own() =>
    [
        "/fathom/connect", "/FATHOM/Connect", "/fathom/%63onnect", "/fathom/connect/", "/fathom/./connect", "/x/../fathom/connect",
        "/fathom/connect?a=/other", "/%66athom/callback", "/fathom/callback?code=a&state=b",
        "/fathom/x/../callback", "/../fathom/callback",
    ];

    [Theory]
    [MemberData(nameof(Own))]
    public async Task An_own_route_never_reaches_the_backend_whatever_the_method_T32(string target)
    {
        foreach (var method in new[] { "GET", "POST", "DELETE", "CUSTOM" })
        {
            var overHttp11 =
                await RawClient.ExchangeAsync(pair.Gateway.Public, $"{method} {target} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
            await using var client = await Http2Client.ConnectAsync(pair.Http2);
            var overHttp2 = await client.ExchangeAsync(new Http2Request(method, target, []));

            Assert.NotEqual(200, overHttp11.Status);
            Assert.Equal($"{overHttp11.Status}", overHttp2.Status);
        }

        Assert.DoesNotContain(pair.Backend.Requests, request => request.Head.Target == target);
    }

    [Fact]
    public async Task An_absolute_target_does_not_bypass_an_own_route()
    {
        var response =
            await RawClient.ExchangeAsync(pair.Gateway.Public, "GET http://other.example.test/fathom/connect HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal(401, response.Status);
        Assert.DoesNotContain(pair.Backend.Requests, request => request.Head.Target.EndsWith("/fathom/connect", StringComparison.Ordinal));
    }
}
