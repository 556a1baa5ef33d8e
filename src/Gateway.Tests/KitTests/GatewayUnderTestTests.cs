using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class GatewayUnderTestTests(RealStores stores)
{
    [Fact]
    public async Task Two_embedded_gateways_serve_side_by_side()
    {
        await using var backend = RecordingBackend.Start();
        await using var one = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("BACKEND_URL", backend.Address.ToString())));
        await using var other = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("BACKEND_URL", backend.Address.ToString())));

        Assert.Equal("backend", await one.Client.GetStringAsync("one"));
        Assert.Equal("backend", await other.Client.GetStringAsync("other"));
        Assert.Equal(["/one", "/other"], backend.Requests.Select(request => request.Head.Target));
        Assert.NotEqual(one.Public, other.Public);
    }

    [Fact]
    public async Task A_gateway_on_real_stores_is_ready_and_its_log_is_kept()
    {
        await using var gateway =
            await GatewayUnderTest.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync()));

        await Eventually.BecomesTrueAsync(
            async () => !(await gateway.InternalClient.GetStringAsync("health/ready")).Contains("down", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60),
            "nothing is down");
        Assert.Contains($"port {gateway.Public.Port}", gateway.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_client_of_a_gateway_under_test_follows_no_redirect()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded());

        using var response = await gateway.Client.GetAsync("fathom/callback?error=access_denied&state=unknown");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.StartsWith(TestSettings.FrontendUrl, response.Headers.Location!.ToString(), StringComparison.Ordinal);
    }
}
