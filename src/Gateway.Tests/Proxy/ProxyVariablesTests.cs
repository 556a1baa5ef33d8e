using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using FathomGateway.Tests.Backend;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Fathom;
using FathomGateway.Tests.Faults;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Proxy;

/// <summary>HTTP_PROXY and its kind are for connections to the Internet; the backend is a neighbour.</summary>
[Trait("Speed", "Slow")]
public sealed class ProxyVariablesTests
{
    private static readonly string[] Variables = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

    [Theory]
    [InlineData("1.1")]
    [InlineData("2")]
    public async Task The_backend_is_asked_directly_whatever_proxy_the_environment_names(string version)
    {
        await using var proxy = new RecordedConnections();
        await using var backend = await TwoProtocolBackend.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(
        [
            .. Proxied(proxy),
            ("BACKEND_URL", version == "2" ? backend.Http2 : backend.Http1),
            ("ReverseProxy__Clusters__backend__HttpRequest__Version", version),
            ("ReverseProxy__Clusters__backend__HttpRequest__VersionPolicy", "RequestVersionExact"),
        ]));

        Assert.Equal($"HTTP/{version}", await gateway.Client.GetStringAsync("anything", Cancel));
        Assert.Equal(0, proxy.Opened);
    }

    [Fact]
    public async Task An_event_is_posted_directly_whatever_proxy_the_environment_names()
    {
        await using var proxy = new RecordedConnections();
        await using var receiver = EventReceiver.Start();

        var (_, output, _) = await GatewayProcess.RunAsync(
            ["doctor", "--send-event"], TestSettings.Embedded([.. Proxied(proxy), .. receiver.Settings]));

        Assert.True(receiver.Count == 1, output);
    }

    [Fact]
    public async Task A_relayed_request_goes_through_the_proxy_that_the_environment_names()
    {
        await using var proxy = new RecordedConnections();
        using var provider = ScriptedProvider.Start();
        // The proxy answers with the target. Nothing listens at the API's own address.
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(
        [
            .. provider.Settings, .. Proxied(proxy), ("NO_PROXY", "127.0.0.1,localhost"),
            ("FATHOM_API_URL", "http://127.0.0.9:9/external/v1"),
        ]));

        Assert.Equal("http://127.0.0.9:9/external/v1/meetings?limit=1%2F2", await RelayAsync(gateway));
    }

    [Fact]
    public async Task A_relayed_request_to_an_API_of_https_goes_through_a_tunnel_of_the_proxy()
    {
        using var known = new Certificates();
        await using var api = RawServer.Start(ProxiedBackend.EchoOfTheTarget, certificate: known.Make("none"));
        await using var proxy = RawServer.Start(exchange => TunnelAsync(exchange, api.Address.Port));
        using var provider = ScriptedProvider.Start();
        var trusted = Path.Combine(TempFolder.Create("trusted"), "authority.pem");
        await File.WriteAllTextAsync(trusted, known.Authority.ExportCertificatePem(), Cancel);
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(
        [
            .. provider.Settings, ("HTTPS_PROXY", $"{proxy.Address}"), ("SSL_CERT_FILE", trusted),
            ("FATHOM_API_URL", $"https://localhost:{api.Address.Port}/external/v1"),
        ]));

        for (var i = 0; i < 3; i++) Assert.Equal("/external/v1/meetings?limit=1%2F2", await RelayAsync(gateway));
        Assert.Equal(1, proxy.Requests);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <returns>The body of the API's answer to a new user's request.</returns>
    private static async Task<string> RelayAsync(GatewayProcess gateway)
    {
        await gateway.WarmUpAsync();
        var user = Fresh.User();
        await gateway.LinkAsync(user);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"connections/{user}/fathom/meetings?limit=1%2F2");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestSettings.InternalApiKey);
        using var response = await gateway.InternalClient.SendAsync(request, Cancel);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    /// <summary>RFC 9110, section 9.3.6.</summary>
    private static async Task TunnelAsync(RawExchange exchange, int port)
    {
        Assert.Equal(("CONNECT", $"localhost:{port}"), (exchange.Head.Method, exchange.Head.Target));
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, port, exchange.ServerEnds);
        await exchange.SendAsync("HTTP/1.1 200 OK\r\n\r\n");
        var there = exchange.Stream.CopyToAsync(server.GetStream(), exchange.ServerEnds);
        await Task.WhenAny(there, server.GetStream().CopyToAsync(exchange.Stream, exchange.ServerEnds));
        exchange.Close();
    }

    private static IEnumerable<(string Name, string? Value)> Proxied(RecordedConnections proxy) =>
        Variables.Select(name => (name, (string?)$"{proxy.Address}"));
}
