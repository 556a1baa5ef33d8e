using FathomGateway.Tests.Backend;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Proxy;

/// <summary>HTTP_PROXY and its kind are for connections to the Internet; the backend is a neighbour.</summary>
[Trait("Speed", "Slow")]
public sealed class ProxyVariablesTests
{
    private static readonly string[] Variables = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

    [Theory]
    [InlineData("1.1")]
    [InlineData("2")]
    public async Task The_backend_is_asked_directly_whatever_proxy_the_environment_names(string version)
    {
        await using var proxy = new RecordedConnections();
        await using var backend = await TwoProtocolBackend.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(
        [
            .. Variables.Select(name => (name, (string?)$"{proxy.Address}")),
            ("BACKEND_URL", version == "2" ? backend.Http2 : backend.Http1),
            ("ReverseProxy__Clusters__backend__HttpRequest__Version", version),
            ("ReverseProxy__Clusters__backend__HttpRequest__VersionPolicy", "RequestVersionExact"),
        ]));

        Assert.Equal($"HTTP/{version}", await gateway.Client.GetStringAsync("anything", TestContext.Current.CancellationToken));
        Assert.Equal(0, proxy.Opened);
    }
}
