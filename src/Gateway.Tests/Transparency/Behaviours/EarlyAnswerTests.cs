using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>A backend of HTTP/1.1 that answers before it has read the body. Over HTTP/2 the answer comes at once: see <see cref="BothWaysTests"/>.</summary>
public sealed class EarlyAnswerTests : IAsyncLifetime
{
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
        await client.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\nhalf");
        await client.SendAsync("half");

        var response = await client.ReadResponseAsync();

        Assert.Equal(413, response.Status);
        Assert.Equal("big", response.BodyText);
        Assert.Equal("halfhalf", _pair.Backend.Request.BodyText);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
