using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>
/// A backend of HTTP/1.1 that answers before it has read the body. Over HTTP/2 the answer comes at once: see
/// <see cref="Http2FullDuplexTests"/>.
/// </summary>
public sealed class TransparentEarlyResponseTests : IAsyncLifetime
{
    private const int Large = 10_000_000;

    private readonly Pair _pair = new();

    public ValueTask InitializeAsync() => _pair.InitializeAsync();

    [Fact]
    public async Task An_early_refusal_is_passed_on_when_the_body_has_been_sent()
    {
        _pair.Backend.AnswersBeforeTheBody(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
            await exchange.ReadRequestAsync();
        });
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        // In one segment: what arrives after the end of the answer is not forwarded.
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\nhalfhalf");

        var response = await client.ReadResponseAsync();

        Assert.Equal(413, response.Status);
        Assert.Equal("big", response.BodyText);
        // Recorded only when the answer has long been sent.
        await Eventually.BecomesTrueAsync(
            () => _pair.Backend.Requests.Count == 1, TimeSpan.FromSeconds(20), "the request has been recorded");
        Assert.Equal("halfhalf", _pair.Backend.Request.BodyText);
    }

    [Fact]
    public async Task The_response_of_a_backend_that_closes_right_after_it_arrives_B1()
    {
        _pair.Backend.AnswersBeforeTheBody(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
            exchange.Close();
        });
        await using var client = await RawClient.ConnectAsync(_pair.Gateway.Public);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {Large}\r\n\r\n");
        await client.SendAsync(new byte[Large]);

        var response = await client.ReadResponseAsync();

        Assert.Equal(413, response.Status);
        Assert.Equal("big", response.BodyText);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
