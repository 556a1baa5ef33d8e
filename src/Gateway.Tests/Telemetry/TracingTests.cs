using System.Net.Http.Headers;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Telemetry;

/// <summary>In a process of its own: a listener for spans in this one would make every HTTP client in it send trace headers.</summary>
public sealed class TracingTests(RealStores stores)
{
    private static readonly string[] ExpectedInSpans = ["/fathom/callback", "/items", "INSERT INTO fathom_connections"];

    [Fact]
    public async Task A_collector_gets_spans_of_requests_and_stores_without_secrets_T10()
    {
        using var collector = OtlpCollector.Start();
        using var provider = ScriptedProvider.Start();
        provider.Answers(TokenReply.Tokens("canary-access-token", "canary-refresh-token"));
        await using var backend = RecordingBackend.Start();
        var settings = TestSettings.OnRealStores(
            await stores.RedisAsync(),
            await stores.NewDatabaseAsync(),
            [.. collector.Settings, .. provider.Settings, ("BACKEND_URL", $"{backend.Address}")]);
        settings["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
        await using var gateway = await GatewayProcess.StartAsync(settings);
        await Readiness.OfStoresAsync(gateway.InternalClient);
        var (token, code) = (Jwt.For(Fresh.User()), Fresh.Code());
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        var state = (await AuthorizationUrl.ReadAsync(await gateway.Client.GetAsync("fathom/connect")))["state"];
        Assert.Equal(
            CallbackRedirect.Success, CallbackRedirect.Of(await gateway.Client.GetAsync($"fathom/callback?code={code}&state={state}")));
        await gateway.Client.GetAsync($"items?secret={code}");

        await Eventually.BecomesTrueAsync(
            () => Task.FromResult(ExpectedInSpans.All(one => collector.Traces.Contains(one, StringComparison.Ordinal))),
            TimeSpan.FromSeconds(30),
            "the spans arrive");
        string[] secrets =
        [
            code, state, state.Split('.')[^1], token, token.Split('.')[2], TestSettings.ClientSecret, TestSettings.JwtSecret,
            TestSettings.InternalApiKey,
            provider.TokenRequests.Single().Field("code_verifier"), "canary-access-token", "canary-refresh-token",
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, collector.Traces, StringComparison.Ordinal));
        Assert.DoesNotContain(
            backend.Request.Head.Fields,
            field => field.Key.ToLowerInvariant() is "traceparent" or "tracestate" or "baggage" or "request-id");
    }
}
