using System.Net;
using System.Net.Sockets;
using FathomGateway.Tests.Kit;
using StackExchange.Redis;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class RedisServerTests
{
    [Fact]
    public async Task A_killed_Redis_server_refuses_and_comes_back_empty_on_the_same_port()
    {
        await using var server = await RedisServer.StartAsync();
        var port = server.Port;
        await using (var before = await ConnectAsync(server))
        {
            await before.GetDatabase().StringSetAsync("kept", "no");
        }

        server.Kill();
        await Eventually.BecomesTrueAsync(() => IsRefusedAsync(server), TimeSpan.FromSeconds(60), "a killed Redis refuses connections");

        await server.RestartAsync();
        await using var after = await ConnectAsync(server);
        Assert.Equal(port, server.Port);
        Assert.True((await after.GetDatabase().StringGetAsync("kept")).IsNull);
    }

    [Fact]
    public async Task A_suspended_Redis_server_is_silent_until_it_is_resumed()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await ConnectAsync(server);

        server.Suspend();
        await Assert.ThrowsAsync<RedisTimeoutException>(() => redis.GetDatabase().PingAsync());

        server.Resume();
        await Eventually.BecomesTrueAsync(
            async () => await redis.GetDatabase().PingAsync() > TimeSpan.Zero, TimeSpan.FromSeconds(60), "a resumed Redis answers again");
    }

    [Fact]
    public async Task Options_reach_the_Redis_server()
    {
        await using var server = await RedisServer.StartAsync("--requirepass", "secret");

        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectAsync(server));
    }

    private static async Task<bool> IsRefusedAsync(RedisServer server)
    {
        using var client = new TcpClient();
        var fault = await Record.ExceptionAsync(() => client.ConnectAsync(IPAddress.Loopback, server.Port));
        return fault is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(RedisServer server) =>
        ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { { "127.0.0.1", server.Port } },
            // A machine that runs everything at once is slow to connect; only a server that is suspended is waited for in vain.
            ConnectTimeout = 15_000,
            AsyncTimeout = 1_000,
            AbortOnConnectFail = true,
            ConnectRetry = 0,
        });
}
