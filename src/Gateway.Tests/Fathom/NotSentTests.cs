using System.Net;
using System.Net.Sockets;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

/// <summary>A refresh token that was never sent can be sent again.</summary>
public sealed class NotSentTests
{
    [Fact]
    public async Task A_refresh_to_a_name_without_an_address_counts_as_not_sent_F11() =>
        await AssertNotSentAsync(new Uri("https://provider.invalid/"));

    [Fact]
    public async Task A_refresh_to_a_closed_port_counts_as_not_sent_F11() =>
        await AssertNotSentAsync(new Uri($"http://127.0.0.1:{FreePort.Next()}/"));

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_refresh_to_a_provider_that_accepts_no_connection_counts_as_not_sent_F11()
    {
        // A full accept queue of one: later connections get no answer to the handshake.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var waiting = new List<Socket>();
        for (var i = 0; i < 8; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            waiting.Add(client);
            try
            {
                client.Connect(listener.LocalEndPoint!);
            }
            catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It connects in the background, or waits for ever.
            }
        }

        await AssertNotSentAsync(new Uri($"http://{listener.LocalEndPoint}/"));
        waiting.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("silence")]
    [InlineData("close")]
    [InlineData("no TLS")]
    [Trait("Speed", "Slow")]
    public async Task A_refresh_whose_TLS_handshake_fails_counts_as_not_sent_F11(string what)
    {
        using var end = new CancellationTokenSource();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync();

        await AssertNotSentAsync(new Uri($"https://{listener.LocalEndpoint}/"));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);

        async Task ServeAsync()
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                if (what == "close") continue;
                if (what == "no TLS")
                    await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), end.Token);
                // The refresh token would come after the handshake.
                await Eventually.BecomesTrueAsync(
                    () => client.Client.Poll(0, SelectMode.SelectRead), TimeSpan.FromSeconds(30), "the client says hello");
                if (what == "silence") await Task.Delay(Timeout.Infinite, end.Token);
            }
        }
    }

    private static async Task AssertNotSentAsync(Uri provider)
    {
        using var clients = new ProviderClients(provider);

        Assert.IsType<TokenResult.NotSent>(await clients.RefreshAsync());
        Assert.False(await clients.Revocation.RevokeRefreshTokenAsync("refresh", CancellationToken.None));
    }
}
