using System.Net;
using FathomGateway.Connect.Clients;
using FathomGateway.Connect.Cors;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>What the log tells an operator about origins and proxies that are not configured.</summary>
public sealed class RefusedOriginTests
{
    [Fact]
    public async Task A_refused_origin_is_named_in_the_log()
    {
        await using var stage = await Stage.StartAsync();
        for (var i = 0; i < 3; i++) (await stage.ConnectAsync(Jwt.For(Fresh.User()), "https://forgotten.example.test")).Dispose();
        (await stage.ConnectAsync(Jwt.For(Fresh.User()), TestSettings.FrontendUrl)).Dispose();

        var line =
            Assert.Single(stage.Gateway.Log.Lines, one => one.Contains("Pages of other origins were refused", StringComparison.Ordinal));
        Assert.Contains("https://forgotten.example.test", line, StringComparison.Ordinal);
        Assert.Contains("CORS_ORIGINS", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Refused_origins_are_logged_shortened_in_one_line_a_minute()
    {
        var (log, clock) = (new CapturedLog(), new FakeTimeProvider());
        var refused = new CorsRefusalLog(clock, new LoggerFactory([log]).CreateLogger<CorsRefusalLog>());
        for (var i = 0; i < 100; i++) refused.Note($"https://x{i}.test");
        Assert.Contains("https://x0.test (1 requests)", Assert.Single(log.Lines), StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromMinutes(1));
        refused.Note("https://evil.test/\r\nforged " + new string('x', 500));
        var line = log.Lines[1];
        Assert.Equal(2, log.Lines.Count);
        Assert.Contains("https://x1.test, https://x2.test", line, StringComparison.Ordinal);
        Assert.Contains("(100 requests)", line, StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromMinutes(1));
        refused.Note("https://evil.test/\r\nforged \u00e9" + new string('x', 500));
        Assert.Contains("https://evil.test/??forged??xxx", log.Lines[2], StringComparison.Ordinal);
        Assert.InRange(log.Lines[2].Length, 0, 400);
    }

    [Theory]
    [InlineData("10.1.2.3", null, "1.2.3.4", "10.1.2.0/24")]
    [InlineData("::ffff:172.18.0.5", "192.168.0.0/16", "1.2.3.4", "172.18.0.0/24")]
    [InlineData("10.1.2.3", "10.0.0.0/8", "1.2.3.4", null)]
    [InlineData("10.1.2.3", null, null, null)]
    [InlineData("203.0.113.9", null, "1.2.3.4", null)]
    public async Task A_private_peer_with_X_Forwarded_For_that_is_no_trusted_proxy_is_logged_once(
        string peer, string? trusted, string? forwardedFor, string? expected)
    {
        var log = new CapturedLog();
        var networks = trusted is null ? Array.Empty<IPNetwork>() : [IPNetwork.Parse(trusted)];
        var proxies = new UntrustedProxyLog(new TrustedProxies(networks), new LoggerFactory([log]).CreateLogger<UntrustedProxyLog>());
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        if (forwardedFor is not null) context.Request.Headers["X-Forwarded-For"] = forwardedFor;

        for (var i = 0; i < 3; i++) await proxies.Check(context, _ => Task.CompletedTask);

        Assert.Equal(expected is null ? [] : [expected], log.Lines.Select(line => line.Split("from ")[1].Split(',')[0]));
    }
}
