using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Faults;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Telemetry;

/// <summary>One user's way through, as a collector sees it. In a process of its own, as <see cref="TracingTests"/> says.</summary>
[Trait("Speed", "Slow")]
public sealed class TracedFlowTests(RealStores stores)
{
    private const string Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task The_callback_is_one_trace_from_the_request_to_Redis_the_provider_and_PostgreSQL_T10()
    {
        using var collector = OtlpCollector.Start();
        using var provider = ScriptedProvider.Start();
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.OnRealStores(
            await stores.RedisAsync(), await stores.NewDatabaseAsync(), [.. collector.Settings, .. provider.Settings]));
        await gateway.WarmUpAsync();
        var (user, code) = (Fresh.User(), Fresh.Code());
        var state = await gateway.StateAsync(user);

        // The callback names its trace, to distinguish it from those of the warm-up.
        using var callback = new HttpRequestMessage(
            HttpMethod.Get, $"fathom/callback?code={code}&state={state}")
        { Headers = { { "traceparent", Traceparent } } };
        Assert.Equal(CallbackRedirect.Success, CallbackRedirect.Of(await gateway.Client.SendAsync(callback)));

        OtlpSpan[] trace = [];
        await Eventually.BecomesTrueAsync(
            () => Task.FromResult((trace =
            [
                .. collector.Spans.Where(span => Traceparent.Contains(span.TraceId, StringComparison.Ordinal))
            ]).Any(span => span.Name == "redis settle state")
                && trace.Any(span => span.Source.Contains("AspNetCore", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(60),
            "the spans arrive");
        var request = trace.Single(span => span.Source.Contains("AspNetCore", StringComparison.Ordinal));
        var children = trace.Where(span => span.ParentId == request.SpanId).ToArray();
        Assert.Contains(children, span => span.Name == "redis redeem state");
        Assert.Single(children, span => span.Name == "POST /token" && span.Attributes.Contains("server.address", StringComparison.Ordinal));
        Assert.Contains(
            children,
            span => span.Source == "Npgsql" && span.Attributes.Contains("INSERT INTO fathom_connections", StringComparison.Ordinal));
        Assert.All(
            trace, span => Assert.True(span == request || trace.Any(other => other.SpanId == span.ParentId), $"{span} hangs in the air"));

        var token = provider.TokenRequests[^1];
        Assert.DoesNotContain("traceparent", token.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        string[] secrets = [user, code, state, state.Split('.')[0], state.Split('.')[^1], "code_verifier", token.Field(
            "code_verifier"), "access-", "refresh-"];
        Assert.All(
            secrets, secret => Assert.DoesNotContain(secret, string.Join('\n', trace.Select(span => $"{span}")), StringComparison.Ordinal));
        // Nor does the whole of what the collector holds tell whose trace it is.
        Assert.DoesNotContain(user, collector.Traces, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxied_request_keeps_its_trace_fields_and_gains_none_with_a_collector()
    {
        using var collector = OtlpCollector.Start();
        await using var backend = RecordingBackend.Start();
        await using var gateway =
            await GatewayProcess.StartAsync(TestSettings.Embedded([.. collector.Settings, ("BACKEND_URL", $"{backend.Address}")]));
        (string Name, string Value)[] sent = [("traceparent", Traceparent), ("tracestate", "vendor=value"), ("baggage", "a=b")];
        using var request = new HttpRequestMessage(HttpMethod.Get, "items");
        foreach (var (name, value) in sent) request.Headers.Add(name, value);

        await gateway.Client.SendAsync(request);
        await gateway.Client.GetAsync("plain");
        await Eventually.BecomesTrueAsync(
            () => Task.FromResult(collector.Spans.Any(span => span.Attributes.Contains("/plain", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(60),
            "both were traced");

        string[] about = ["traceparent", "tracestate", "baggage", "request-id", "correlation-context", "b3"];
        (string, string)[] Received(int index) => [.. backend.Requests[index].Head.Fields.Where(
            field => about.Contains(field.Key.ToLowerInvariant())).Select(field => (field.Key.ToLowerInvariant(), field.Value))];
        Assert.Equal(sent.Order(), Received(0).Order());
        Assert.Empty(Received(1));
    }

    [Fact]
    public async Task No_span_is_begun_for_any_request_without_a_collector()
    {
        await using var stage = await Stage.StartAsync(
            TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync(), ("ACCESS_LOG", "true")));
        await stage.LinkAsync(Fresh.User());
        await stage.Gateway.Client.GetAsync("anything");

        // Written at the end of each request, within whatever span it has; the answer is on its way by then.
        await Eventually.BecomesTrueAsync(
            () => stage.Gateway.Log.Lines.Any(line => line.Contains("GET /anything", StringComparison.Ordinal))
                && stage.Gateway.Log.Lines.Any(line => line.Contains("GET /fathom/callback", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(30),
            "both are logged");
        Assert.Empty(stage.Gateway.Log.Traced);
    }
}
