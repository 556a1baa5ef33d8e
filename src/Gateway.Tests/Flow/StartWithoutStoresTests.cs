using System.Net;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Flow;

public sealed class StartWithoutStoresTests
{
    [Fact]
    public async Task A_gateway_that_starts_without_its_stores_proxies_and_recovers_by_itself()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync();
        await using var backend = RecordingBackend.Start();
        using var provider = ScriptedProvider.Start();
        var database = await postgres.CreateDatabaseAsync();
        redis.Kill();
        postgres.Kill();

        var settings = TestSettings.OnRealStores(
            redis.ConnectionString, database, [.. provider.Settings, ("BACKEND_URL", backend.Address.ToString())]);
        await using var gateway = await GatewayUnderTest.StartAsync(settings);

        // Proxying needs neither.
        Assert.Equal("backend", await gateway.Client.GetStringAsync("anything", Cancel));
        Assert.Contains("\"connect\":\"down\",\"store\":\"down\"", await HealthAsync(gateway), StringComparison.Ordinal);
        using (var refused = await gateway.Client.SendAsync(Connect("ann"), Cancel))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        await redis.RestartAsync();
        await postgres.RestartAsync();
        await Readiness.OfStoresAsync(gateway.InternalClient);

        var state = await ConnectFlow.BeginAsync(gateway, "ann");
        Assert.Equal("/dashboard?fathom_successful=true", await ConnectFlow.ReturnAsync(gateway, state));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static HttpRequestMessage Connect(string userId) =>
        new(HttpMethod.Get, "fathom/connect") { Headers = { { "Authorization", $"Bearer {Jwt.For(userId)}" } } };

    private static async Task<string> HealthAsync(GatewayUnderTest gateway)
    {
        using var response = await gateway.InternalClient.GetAsync("health/ready", Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
