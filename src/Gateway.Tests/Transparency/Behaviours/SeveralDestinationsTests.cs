using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>What <c>yarp.json</c> may configure more than one catch-all backend, and the gateway applies it.</summary>
public sealed class SeveralDestinationsTests : IAsyncDisposable
{
    private const string Backend = "ReverseProxy:Clusters:backend";

    private readonly RecordingBackend _one = RecordingBackend.Start(), _two = RecordingBackend.Start();

    [Fact]
    public async Task A_client_with_an_affinity_cookie_returns_to_its_destination()
    {
        await using var gateway = await StartAsync(
            ($"{Backend}:SessionAffinity:Enabled", "true"),
            ($"{Backend}:SessionAffinity:Policy", "HashCookie"),
            ($"{Backend}:SessionAffinity:AffinityKeyName", "at"));
        var first = await RawClient.ExchangeAsync(gateway.Public, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var (mine, other) = _one.Requests.Count == 1 ? (_one, _two) : (_two, _one);
        var cookie = first.Header("Set-Cookie")!.Split(';')[0];

        for (var i = 0; i < 20; i++)
            await RawClient.ExchangeAsync(gateway.Public, $"GET / HTTP/1.1\r\nHost: h\r\nCookie: {cookie}\r\n\r\n");

        Assert.Equal(21, mine.Requests.Count);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Several_destinations_are_used_by_the_configured_load_balancing_policy()
    {
        await using var gateway = await StartAsync(($"{Backend}:LoadBalancingPolicy", "RoundRobin"));

        for (var i = 0; i < 20; i++) await RawClient.ExchangeAsync(gateway.Public, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal((10, 10), (_one.Requests.Count, _two.Requests.Count));
    }

    [Fact]
    public async Task A_routes_own_limit_of_the_body_size_applies()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(
            TestSettings.Embedded(("BACKEND_URL", $"{_one.Address}"), ("ReverseProxy:Routes:everything-else:MaxRequestBodySize", "10")));

        var answer = await RawClient.ExchangeAsync(gateway.Public, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world");

        Assert.Equal(413, answer.Status);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    private Task<GatewayUnderTest> StartAsync(params (string Name, string? Value)[] settings) =>
        GatewayUnderTest.StartAsync(TestSettings.Embedded(
            [("BACKEND_URL", null), ($"{Backend}:Destinations:render:Address", $"{_one.Address}"), (
                $"{Backend}:Destinations:two:Address", $"{_two.Address}"), .. settings]));
}
