using System.Text.RegularExpressions;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Faults;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Telemetry;

/// <summary>What gateways export once all that is counted has happened.</summary>
internal static class ExportedFigures
{
    public static async Task<string> AllAsync(RealStores stores) =>
        await FlowsAsync(stores) + await ConnectionsAsync() + await RescuedAsync() + await WithoutRedisAsync(stores)
        + await RefusedAsync(TokenReply.Refusal("invalid_client", 401)) + await RefusedAsync(new TokenReply { Status = 429 });

    /// <summary>Connect, callback, a proxied request, a token for the backend, a refresh, and too many of the first.</summary>
    private static async Task<string> FlowsAsync(RealStores stores)
    {
        await using var stage =
            await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync()));
        var user = Fresh.User();
        await stage.LinkAsync(user);
        await stage.Gateway.Client.GetAsync("anything");
        await stage.Gateway.TokenAsync(user, "?rejected_version=1");
        for (var answered = 200; answered == 200;) answered = (int)(await stage.ConnectAsync(Jwt.For(user))).StatusCode;
        GC.Collect();
        return await MetricsAsync(stage);
    }

    /// <summary>
    /// Counted in the background. In a process of its own: in this one a reader sees the instruments of every gateway under test.
    /// </summary>
    private static async Task<string> ConnectionsAsync()
    {
        using var provider = ScriptedProvider.Start();
        await using var receiver = EventReceiver.Start();
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded([.. provider.Settings, .. receiver.Settings]));
        await gateway.WarmUpAsync();
        // A connection counts when it has ended.
        await RawClient.ExchangeAsync(gateway.Public, "GET /fathom/connect HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        await BecomesAsync(gateway, "fathom_event_tries_total", "outcome", "delivered", "[1-9]");
        await BecomesAsync(gateway, "fathom_events_waiting", "otel_scope_name", "FathomGateway", "0");
        return await BecomesAsync(gateway, "fathom_connections", "status", "connected", "[1-9]");
    }

    /// <summary>The database goes as the provider issues tokens, and comes back: the figure rises and falls.</summary>
    private static async Task<string> RescuedAsync()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync();
        using var provider = ScriptedProvider.Start();
        await using var gateway = await GatewayProcess.StartAsync(
            TestSettings.OnRealStores(redis.ConnectionString, await postgres.CreateDatabaseAsync(), provider.Settings));
        await gateway.WarmUpAsync();
        provider.Answers(_ =>
        {
            postgres.Kill();
            return Task.FromResult(provider.NewTokens());
        });
        Assert.Equal(
            CallbackRedirect.Failure("temporarily_unavailable"),
            await gateway.LandAsync(await gateway.StateAsync(Fresh.User()), Fresh.Code()));
        await BecomesAsync(gateway, "fathom_rescued_tokens", "place", "redis", "1");
        await postgres.RestartAsync();
        return await BecomesAsync(gateway, "fathom_rescued_tokens", "place", "redis", "0");
    }

    private static async Task<string> BecomesAsync(GatewayProcess gateway, string figure, string label, string value, string wanted)
    {
        var text = "";
        await Eventually.BecomesTrueAsync(
            async () => Regex.IsMatch(
                text = await gateway.InternalClient.GetStringAsync("metrics"),
                $"^{figure}\\{{[^}}]*{label}=\"{value}\"[^}}]*\\}} {wanted}( |$)",
                RegexOptions.Multiline),
            TimeSpan.FromMinutes(2),
            $"{figure} of {value} is {wanted}");
        return text;
    }

    private static async Task<string> WithoutRedisAsync(RealStores stores)
    {
        await using var stage = await Stage.StartAsync(TestSettings.OnRealStores("redis://127.0.0.1:9", await stores.NewDatabaseAsync()));
        Assert.Equal(503, (int)(await stage.ConnectAsync(Jwt.For(Fresh.User()))).StatusCode);
        return await MetricsAsync(stage);
    }

    /// <summary>A refresh that the provider answers so.</summary>
    private static async Task<string> RefusedAsync(TokenReply reply)
    {
        await using var stage = await Stage.StartAsync();
        var user = Fresh.User();
        await stage.LinkAsync(user);
        stage.Provider.Answers(reply);
        using var answer = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/access-token?rejected_version=1");
        Assert.Equal(503, (int)answer.StatusCode);
        return await MetricsAsync(stage);
    }

    private static Task<string> MetricsAsync(Stage stage) => stage.Gateway.InternalClient.GetStringAsync("metrics");
}
