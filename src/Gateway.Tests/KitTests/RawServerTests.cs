using System.Diagnostics;
using System.Net.Sockets;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class RawServerTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    [Fact]
    public async Task A_reset_of_the_raw_server_reaches_the_client_as_a_reset()
    {
        await using var server = RawServer.Start(RawResponse.ResetBeforeHeaders);

        var fault = await Assert.ThrowsAsync<IOException>(() => RawClient.ExchangeAsync(server.Address, Get));

        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(fault.InnerException).SocketErrorCode);
        Assert.Equal(1, server.Connections);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_truncated_body_of_the_raw_server_is_noticed()
    {
        await using var server = RawServer.Start(RawResponse.Truncated("half"));

        await Assert.ThrowsAsync<EndOfStreamException>(() => RawClient.ExchangeAsync(server.Address, Get));
    }

    [Fact]
    public async Task Bad_chunking_of_the_raw_server_is_noticed_by_a_client_that_checks()
    {
        await using var server = RawServer.Start(RawResponse.BadChunking);
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(server.Address));
    }

    [Fact]
    public async Task An_endless_body_outlasts_the_clients_patience()
    {
        await using var server = RawServer.Start(RawResponse.Endless);
        using var client = new HttpClient { MaxResponseContentBufferSize = 1024 * 1024 };

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(server.Address));
    }

    [Fact]
    public async Task A_silent_server_does_not_hold_up_the_end_of_the_test()
    {
        var server = RawServer.Start(RawResponse.Silence);
        await using var client = await RawClient.ConnectAsync(server.Address);
        await client.SendAsync(Get);
        await Eventually.BecomesTrueAsync(() => server.Requests == 1, TimeSpan.FromSeconds(60), "the request has arrived");

        var clock = Stopwatch.StartNew();
        await server.DisposeAsync();

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"It took {clock.Elapsed}.");
        Assert.True(await client.IsClosedByPeerAsync());
    }
}
