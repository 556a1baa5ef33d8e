using System.Net;
using FathomGateway.Connect.Clients;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData(null, "203.0.113.9", "1.2.3.4", "203.0.113.9")]
    [InlineData(null, "127.0.0.1", "1.2.3.4", "127.0.0.1")]
    [InlineData("10.0.0.0/8", "203.0.113.9", "1.2.3.4", "203.0.113.9")]
    [InlineData("10.0.0.0/8", "10.1.1.1", "1.2.3.4", "1.2.3.4")]
    [InlineData("10.0.0.0/8", "::ffff:10.1.1.1", "1.2.3.4", "1.2.3.4")]
    [InlineData("10.0.0.0/8", "10.1.1.1", "6.6.6.6, 1.2.3.4", "1.2.3.4")]
    [InlineData("10.0.0.0/8", "10.1.1.1", "6.6.6.6, 1.2.3.4, 10.2.2.2", "1.2.3.4")]
    [InlineData("10.0.0.0/8", "10.1.1.1", "6.6.6.6, garbage, 10.2.2.2", "10.2.2.2")]
    [InlineData("10.0.0.0/8", "10.1.1.1", "", "10.1.1.1")]
    [InlineData("10.0.0.0/8", "10.1.1.1", "1.2.3.4:5678", "1.2.3.4")]
    [InlineData("10.0.0.0/8", "10.1.1.1", "[2001:db8::1]:5678", "2001:db8::1")]
    [InlineData("2001:db8::/32, 192.0.2.1", "192.0.2.1", "1.2.3.4, 2001:db8::7", "1.2.3.4")]
    public void X_Forwarded_For_is_accepted_from_trusted_proxies_alone_T33(
        string? trusted, string peer, string forwardedFor, string expected)
    {
        var settings = TestSettings.Reader(("TRUSTED_PROXIES", trusted));
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Headers["X-Forwarded-For"] = forwardedFor;

        Assert.Equal(IPAddress.Parse(expected), TrustedProxies.Read(settings).ClientOf(context));
        settings.ThrowIfFaulty();
    }

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void A_clients_network_is_its_address_without_the_last_bits(string address, string expected) =>
        Assert.Equal(expected, IPNetworks.Of(IPAddress.Parse(address), v4Bits: 24, v6Bits: 64));
}
