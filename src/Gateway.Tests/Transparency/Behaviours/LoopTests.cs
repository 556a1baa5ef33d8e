using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>Gateways that lead back to themselves, in a way that no start can see.</summary>
[Trait("Speed", "Slow")]
public sealed class LoopTests
{
    [Theory]
    [InlineData("backend")]
    [InlineData("client")]
    public async Task Two_gateways_that_point_at_each_other_answer_508(string host)
    {
        var (first, second) = (FreePort.Next(), FreePort.Next());
        await using var one = await StartAsync(first, second, host);
        await using var other = await StartAsync(second, first, host);

        var answer = await RawClient.ExchangeAsync(one.Public, "GET /round/and/round HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        Assert.Equal(508, answer.Status);
        Assert.Equal("loop", answer.Header("X-Gateway-Error"));
        // Its own routes are never part of it.
        using var own = await one.Client.GetAsync("fathom/connect");
        Assert.Equal(401, (int)own.StatusCode);
    }

    /// <summary>What is in between changes the connection's ends, as a load balancer does.</summary>
    [Fact]
    public async Task A_gateway_that_leads_to_itself_by_way_of_another_answers_508()
    {
        var port = FreePort.Next();
        await using var between = FaultProxy.Start(port);
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(("PORT", $"{port}"), ("BACKEND_URL",
            $"http://127.0.0.1:{between.Port}")));

        var answer = await RawClient.ExchangeAsync(gateway.Public, "GET /round HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        Assert.Equal((508, "loop"), (answer.Status, answer.Header("X-Gateway-Error")));
    }

    private static Task<GatewayUnderTest> StartAsync(int port, int backend, string host) =>
        GatewayUnderTest.StartAsync(TestSettings.Embedded(("PORT", $"{port}"), ("BACKEND_URL", $"http://127.0.0.1:{backend}"),
            ("BACKEND_HOST", host)));
}
