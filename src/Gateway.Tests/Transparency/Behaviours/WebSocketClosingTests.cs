using System.Net.WebSockets;
using System.Text;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;
using Yarp.ReverseProxy;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>Real WebSockets at both ends.</summary>
public sealed class WebSocketClosingTests : IAsyncLifetime
{
    private WebApplication _backend = null!;
    private GatewayUnderTest _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _backend = builder.Build();
        _backend.UseWebSockets();
        _backend.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("chat");
            var buffer = new byte[1024];
            while (await socket.ReceiveAsync(buffer, default) is { MessageType: not WebSocketMessageType.Close } message)
            {
                await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, default);
            }

            // What the client said is said back, so that both directions are seen.
            await socket.CloseAsync(socket.CloseStatus!.Value + 1, $"heard {socket.CloseStatusDescription}", default);
        });
        await _backend.StartAsync();
        _gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("BACKEND_URL", _backend.Urls.Single())));
    }

    [Fact]
    public async Task WebSocket_messages_subprotocol_and_close_codes_pass_both_ways()
    {
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("chat");
        await client.ConnectAsync(new UriBuilder(_gateway.Public) { Scheme = "ws" }.Uri, default);

        await client.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, default);
        var buffer = new byte[1024];
        var echoed = await client.ReceiveAsync(buffer, default);
        await client.CloseAsync((WebSocketCloseStatus)4001, "bye", default);

        Assert.Equal("chat", client.SubProtocol);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, echoed.Count));
        Assert.Equal(4002, (int)client.CloseStatus!.Value);
        Assert.Equal("heard bye", client.CloseStatusDescription);
    }

    [Fact]
    [Trait("Gateway", "InProcess")]
    public void No_timer_of_the_gateway_ends_an_idle_WebSocket()
    {
        Assert.True(_gateway.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster("backend", out var cluster));

        Assert.Equal(Timeout.InfiniteTimeSpan, cluster.Model.Config.HttpRequest!.ActivityTimeout);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }
}
