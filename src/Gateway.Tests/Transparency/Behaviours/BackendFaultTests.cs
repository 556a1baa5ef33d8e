using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>A response of the gateway for a failing backend is recognisable: an empty 502 or 504 with X-Gateway-Error.</summary>
public sealed class BackendFaultTests
{
    public static TheoryData<string> Nonsense() =>
    [
        "220 mail.example.test ESMTP\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/3 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "\r\n\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\u0001b\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nX Y: z\r\nContent-Length: 0\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public Task A_malformed_backend_response_is_a_502_F21(string answer) => FailsAsync(502, RawResponse.Verbatim(answer));

    [Fact]
    public Task A_backend_reset_before_the_response_head_is_a_502_F21() => FailsAsync(502, RawResponse.ResetBeforeHeaders);

    [Fact]
    public Task A_silent_backend_is_a_504_when_a_limit_is_configured_F21() =>
        FailsAsync(504, RawResponse.Silence, ("ReverseProxy:Clusters:backend:HttpRequest:ActivityTimeout", "00:00:01"));

    [Fact]
    public async Task A_backend_that_is_down_is_a_502_F21() =>
        AssertMadeByGateway(502, await ThroughAsync([("BACKEND_URL", $"http://127.0.0.1:{FreePort.Next()}")]));

    [Fact]
    public async Task A_backend_host_that_does_not_exist_is_a_502_F21() =>
        AssertMadeByGateway(502, await ThroughAsync([("BACKEND_URL", "http://backend.invalid")]));

    private static async Task FailsAsync(int status, Func<RawExchange, Task> script, params (string Name, string? Value)[] settings)
    {
        await using var backend = RawServer.Start(script);
        AssertMadeByGateway(status, await ThroughAsync([("BACKEND_URL", backend.Address.ToString()), .. settings]));
    }

    private static async Task<WireMessage> ThroughAsync((string Name, string? Value)[] settings)
    {
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(settings));
        return await RawClient.ExchangeAsync(gateway.Public, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    private static void AssertMadeByGateway(int status, WireMessage response)
    {
        Assert.Equal(status, response.Status);
        Assert.Empty(response.Body);
        Assert.NotNull(response.Header("X-Gateway-Error"));
    }
}
