using System.Net;
using System.Net.WebSockets;
using System.Text;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>A backend behind TLS that speaks both versions, as most hosts do.</summary>
public sealed class TlsBackendTests : IAsyncLifetime
{
    private WebApplication _backend = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(
            server => server.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(SelfSigned.CreateFile(), SelfSigned.Password)));
        _backend = builder.Build();
        _backend.UseWebSockets();
        _backend.Run(async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                await context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Host}");
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[1024];
            var message = await socket.ReceiveAsync(buffer, default);
            await socket.SendAsync(
                Encoding.UTF8.GetBytes($"{context.Request.Protocol} {Encoding.UTF8.GetString(buffer, 0, message.Count)}"),
                WebSocketMessageType.Text,
                true,
                default);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", default);
        });
        await _backend.StartAsync();
    }

    [Theory]
    [InlineData(null, "HTTP/1.1")]
    [InlineData("2", "HTTP/2")]
    public async Task HTTP_2_is_spoken_to_a_backend_over_TLS_only_if_configured(string? highestVersion, string expected)
    {
        await using var gateway = await StartAsync(highestVersion);

        Assert.Equal($"{expected} {new Uri(_backend.Urls.Single()).Authority}", await gateway.Client.GetStringAsync("/"));
    }

    [Theory]
    [InlineData(null, "HTTP/1.1 hello")]
    [InlineData("2", "HTTP/2 hello")]
    public async Task A_WebSocket_passes_to_a_backend_over_TLS_with_either_version(string? highestVersion, string expected)
    {
        await using var gateway = await StartAsync(highestVersion);
        using var client = new ClientWebSocket();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await client.ConnectAsync(new UriBuilder(gateway.Public) { Scheme = "ws" }.Uri, limit.Token);
        await client.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, limit.Token);
        var buffer = new byte[1024];

        var message = await client.ReceiveAsync(buffer, limit.Token);

        Assert.Equal(expected, Encoding.UTF8.GetString(buffer, 0, message.Count));
    }

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    private Task<GatewayUnderTest> StartAsync(string? highestVersion) => GatewayUnderTest.StartAsync(TestSettings.Embedded(
        ("BACKEND_URL", _backend.Urls.Single()),
        ("ReverseProxy:Clusters:backend:HttpClient:DangerousAcceptAnyServerCertificate", "true"),
        ("ReverseProxy:Clusters:backend:HttpRequest:Version", highestVersion)));
}
