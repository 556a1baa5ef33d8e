using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>The limits that remain. What is within them passes: see the families of targets and fields in the differential suite.</summary>
public sealed class LimitTests(Pair pair) : IClassFixture<Pair>
{
    /// <summary>Node takes 16 kB of request line and fields in all.</summary>
    private const int OfNode = 16 * 1024;

    [Fact]
    public Task A_request_line_beyond_the_limit_is_a_414_T31() =>
        RefusedAsync(414, $"GET /{new string('a', OfNode + 1)} HTTP/1.1\r\nHost: h\r\n\r\n");

    [Fact]
    public Task Request_fields_beyond_the_limit_are_a_431_T31() =>
        RefusedAsync(431, $"GET /limit HTTP/1.1\r\nHost: h\r\nX-Big: {new string('b', 33 * 1024)}\r\n\r\n");

    [Fact]
    public Task More_than_a_thousand_request_fields_are_a_431_T31() =>
        RefusedAsync(431, $"GET /limit HTTP/1.1\r\nHost: h\r\n{string.Concat(Enumerable.Range(0, 1000).Select(i => $"X-{i}: 1\r\n"))}\r\n");

    [Fact]
    public async Task A_slow_request_head_has_a_minute_and_does_not_reach_the_backend_unfinished_T31()
    {
        var limits = pair.Gateway.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal(TimeSpan.FromMinutes(1), limits.RequestHeadersTimeout);

        // Nothing of an unfinished head reaches the backend.
        await using var client = await RawClient.ConnectAsync(pair.Gateway.Public);
        await client.SendAsync("GET /slow HTTP/1.1\r\nHost: h\r\nX-Slow");
        await RawClient.ExchangeAsync(pair.Gateway.Public, "GET /quick HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.DoesNotContain(pair.Backend.Requests, request => request.Head.Target == "/slow");
    }

    private async Task RefusedAsync(int status, string request)
    {
        var response = await RawClient.ExchangeAsync(pair.Gateway.Public, request);

        Assert.Equal(status, response.Status);
        Assert.Empty(response.Body);
        Assert.DoesNotContain(
            pair.Backend.Requests,
            seen => seen.Head.Target.StartsWith("/limit", StringComparison.Ordinal) || seen.Head.Target.Length > OfNode);
    }
}
