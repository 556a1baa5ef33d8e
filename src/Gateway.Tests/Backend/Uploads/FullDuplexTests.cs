using System.Security.Cryptography;
using System.Text;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Request and response flow at the same time over HTTP/1.1 to the backend, and each ends when it does.</summary>
public sealed class FullDuplexTests
{
    private const int Large = 10_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_piece_is_echoed_while_the_request_is_still_open_B1(bool tls)
    {
        await using var proxied = await ProxiedBackend.StartAsync(EchoAsync, tls);
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Upload.Head(chunked: false, 10 * 7));

        for (var number = 0; number < 10; number++)
        {
            await client.SendAsync($"piece {number}");
            if (number == 0) Assert.Equal(200, (await client.ReadHeadAsync()).Status);
            Assert.Equal($"piece {number}", await client.ReadTextAsync(7));
        }
    }

    [Fact]
    public async Task Each_piece_is_echoed_to_a_client_of_HTTP_2_B1()
    {
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            // The pieces come in chunks and go back as they are framed.
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (byte[] some; (some = await exchange.ReadSomeAsync()).Length > 0;)
            {
                await exchange.SendAsync(some);
                if (Encoding.Latin1.GetString(some).EndsWith("0\r\n\r\n", StringComparison.Ordinal)) break;
            }

            exchange.Close();
        });
        using var client = GatewayClient.For(proxied.Http2);
        using var body = new OpenContent();
        using var request = Upload.Http2Post(body);

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var number = 0; number < 10; number++)
        {
            body.Write($"piece {number}\n");
            Assert.Equal($"piece {number}", await reader.ReadLineAsync());
        }

        body.End();
        Assert.Null(await reader.ReadLineAsync());
    }

    /// <summary>Neither kernel nor gateway can hold so much: the backend would stop reading if its answer were not taken.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_backend_that_echoes_byte_for_byte_is_never_blocked_B1(bool tls)
    {
        var sent = RandomNumberGenerator.GetBytes(4 * Large);
        await using var proxied = await ProxiedBackend.StartAsync(EchoAsync, tls);
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Upload.Head(chunked: false, sent.Length));
        var sending = client.SendAsync(sent);

        var response = await client.ReadResponseAsync("POST", TimeSpan.FromSeconds(60));

        await sending;
        Assert.True(sent.AsSpan().SequenceEqual(response.Body));
    }

    private static async Task EchoAsync(RawExchange exchange)
    {
        var left = int.Parse(exchange.Head.Value("Content-Length")!, System.Globalization.CultureInfo.InvariantCulture);
        await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {left}\r\n\r\n");
        while (left > 0)
        {
            var some = await exchange.ReadSomeAsync();
            if (some.Length == 0) return;
            await exchange.SendAsync(some);
            left -= some.Length;
        }

        exchange.Close();
    }
}
