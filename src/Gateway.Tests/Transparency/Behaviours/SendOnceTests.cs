using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>How often the backend sees a request when it ends the connection in place of an answer.</summary>
public sealed class SendOnceTests
{
    private const string Body = "Content-Length: 4\r\n\r\nbody";

    public static MatrixTheoryData<string, string, bool> Requests() =>
        new(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "CUSTOM"], ["\r\n", Body], [true, false]);

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_is_sent_once_over_a_fresh_connection(string method, string rest, bool inGoodOrder)
    {
        await using var backend = RawServer.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            if (inGoodOrder) exchange.Close();
            else exchange.Reset();
        });
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("BACKEND_URL", backend.Address.ToString())));

        var response = await RawClient.ExchangeAsync(gateway.Public, $"{method} / HTTP/1.1\r\nHost: h\r\n{rest}");

        Assert.Equal(502, response.Status);
        Assert.Equal(1, backend.Requests);
    }

    [Theory]
    [InlineData("GET", "\r\n", 2)]
    [InlineData("HEAD", "\r\n", 2)]
    [InlineData("OPTIONS", "\r\n", 2)]
    [InlineData("GET", Body, 1)]
    [InlineData("POST", "\r\n", 1)]
    [InlineData("POST", Body, 1)]
    [InlineData("PUT", "\r\n", 1)]
    [InlineData("PATCH", "\r\n", 1)]
    [InlineData("DELETE", "\r\n", 1)]
    [InlineData("CUSTOM", "\r\n", 1)]
    public async Task Only_a_safe_request_is_sent_again_when_its_connection_had_gone_stale(string method, string rest, int times)
    {
        await using var backend = RawServer.Start(exchange => exchange.SendAsync(RecordingBackend.DefaultResponse));
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("BACKEND_URL", backend.Address.ToString())));
        await RawClient.ExchangeAsync(gateway.Public, "GET /first HTTP/1.1\r\nHost: h\r\n\r\n");
        backend.Script = async exchange =>
        {
            await exchange.ReadRequestAsync();
            exchange.Close();
        };

        var response = await RawClient.ExchangeAsync(gateway.Public, $"{method} / HTTP/1.1\r\nHost: h\r\n{rest}");

        Assert.Equal(502, response.Status);
        Assert.Equal(1 + times, backend.Requests);
    }
}
