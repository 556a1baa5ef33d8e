using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

public sealed class DependenciesDownTests
{
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_proxy_serves_while_Redis_PostgreSQL_and_the_provider_are_all_silent_P1()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync();
        await using var provider = RawServer.Start(RawResponse.Silence);
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores(
            redis.ConnectionString, await postgres.CreateDatabaseAsync(), ("FATHOM_TOKEN_URL", $"{provider.Address}token")));
        var state = await stage.StateAsync(Fresh.User());
        redis.Suspend();
        postgres.Suspend();

        // Meanwhile others try to connect, more than there are connections to either store.
        var connecting = Enumerable.Range(0, 40).Select(_ => stage.ConnectAsync(Jwt.For(Fresh.User()))).ToArray();
        var returning = Enumerable.Range(0, 40).Select(_ => stage.LandAsync(state, Fresh.Code())).ToArray();
        for (var i = 0; i < 100; i++) Assert.Equal("backend", await stage.Gateway.Client.GetStringAsync($"anything/{i}"));

        foreach (var answer in await Task.WhenAll(connecting)) Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.All(await Task.WhenAll(returning), redirect => Assert.Equal(CallbackRedirect.Failure("temporarily_unavailable"), redirect));
        Assert.Contains(
            "\"proxy\":\"up\",\"connect\":\"down\",\"store\":\"down\"",
            await stage.Gateway.InternalClient.GetStringAsync("health/ready"),
            StringComparison.Ordinal);

        // No restart is needed (and a silent provider ends in an error message, too).
        redis.Resume();
        postgres.Resume();
        await Eventually.BecomesTrueAsync(
            async () => await stage.LandAsync(state, Fresh.Code()) == CallbackRedirect.Failure("provider_unavailable"),
            TimeSpan.FromSeconds(60),
            "only the provider is away now");
    }

    [Fact]
    public async Task A_backend_that_is_down_or_silent_prevents_no_user_from_connecting_F21()
    {
        await using var silent = RawServer.Start(RawResponse.Silence);
        await using var stage = await Stage.StartAsync(TestSettings.Embedded(("BACKEND_URL", $"{silent.Address}")));
        await stage.WarmUpAsync();
        var waiting = Enumerable.Range(0, 40).Select(_ => stage.Gateway.Client.GetAsync("anything")).ToArray();
        await Eventually.BecomesTrueAsync(() => silent.Requests == waiting.Length, TimeSpan.FromSeconds(30), "all requests are waiting");

        await stage.LinkAsync(Fresh.User());

        await silent.DisposeAsync();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode));
        Assert.Equal(HttpStatusCode.BadGateway, (await stage.Gateway.Client.GetAsync("anything")).StatusCode);
        await stage.LinkAsync(Fresh.User());
    }
}
