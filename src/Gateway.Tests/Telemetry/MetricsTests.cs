using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_are_served_in_the_text_of_Prometheus_on_the_internal_listener_alone()
    {
        await using var stage = await Stage.StartAsync(TestSettings.Embedded());
        await stage.Gateway.Client.GetAsync("items");

        using var answer = await stage.Gateway.InternalClient.GetAsync("metrics");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("http_server_request_duration_seconds_count", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await stage.Gateway.Client.GetAsync("metrics");
        Assert.Equal("/metrics", stage.Backend.Requests[^1].Head.Target);
    }
}
