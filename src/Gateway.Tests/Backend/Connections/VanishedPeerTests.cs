using System.Net.Sockets;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>A host that dies sends nothing. The gateway detects it within two minutes; TCP alone takes a quarter of an hour.</summary>
[Trait("Speed", "Slow")]
public sealed class VanishedPeerTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    /// <summary>Twice what keepalive takes (30 s and three probes), and a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(150);

    private static readonly byte[] Piece = new byte[64 * 1024];

    [Fact]
    public async Task A_peer_of_a_vanished_host_is_told_of_the_broken_connection_B8_F21()
    {
        var faults = await Task.WhenAll(
            BackendIsIdleAsync(),
            BackendIsSentToAsync(),
            UpgradedBackendIsSentToAsync(),
            ClientVanishesAsync("a client that is sent to", Get, pause: false),
            // Its window is closed when it vanishes.
            ClientVanishesAsync("a client that had paused", Get, pause: true),
            ClientVanishesAsync("a client of a WebSocket", Upgrade.Request, pause: false));

        Assert.Empty(faults.OfType<string>());
    }

    /// <summary>In the middle of its answer, of which nothing more comes.</summary>
    private static async Task<string?> BackendIsIdleAsync()
    {
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            await VanishAsync(exchange);
        });
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Get);
        return await EndsAsync("a backend in the middle of its answer", client.Stream);
    }

    private static async Task<string?> BackendIsSentToAsync()
    {
        await using var proxied = await ProxiedBackend.StartAsync(VanishAsync);
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Upload.Head(chunked: true, 0));
        _ = SendWithoutEndAsync(client.SendAsync, chunked: true);
        try
        {
            var status = (await client.ReadResponseAsync("POST", Limit)).Status;
            return status is 502 or 504 ? null : $"a backend that is sent to: {status}";
        }
        catch (IOException)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            return "a backend that is sent to: nobody is told";
        }
    }

    private static async Task<string?> ClientVanishesAsync(string name, string request, bool pause)
    {
        var ended = new TaskCompletionSource();
        var mayGoOn = new TaskCompletionSource();
        var sent = 0L;
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync(request == Upgrade.Request ? Upgrade.Accepted : "HTTP/1.1 200 OK\r\n\r\n");
            if (!pause) await mayGoOn.Task;
            await SendWithoutEndAsync(
                async piece =>
                {
                    await exchange.SendAsync(piece);
                    Interlocked.Add(ref sent, piece.Length);
                },
                chunked: false);
            ended.SetResult();
            exchange.Close();
        });
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(request);
        await client.ReadHeadAsync();
        // So much waits for it that its window is closed.
        if (pause) await Eventually.StandsStillAsync(() => Interlocked.Read(ref sent), TimeSpan.FromMinutes(1));
        VanishedPeer.Play(client.Stream.Socket);
        mayGoOn.SetResult();
        return await Task.WhenAny(ended.Task, Task.Delay(Limit)) == ended.Task ? null : $"{name}: the backend is not told";
    }

    private static async Task<string?> UpgradedBackendIsSentToAsync()
    {
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync(Upgrade.Accepted);
            await VanishAsync(exchange);
        });
        await using var client = await Upgrade.ConnectAsync(proxied);
        _ = SendWithoutEndAsync(client.SendAsync, chunked: false);
        return await EndsAsync("a backend of a WebSocket", client.Stream);
    }

    private static async Task VanishAsync(RawExchange exchange)
    {
        VanishedPeer.Play(((NetworkStream)exchange.Stream).Socket);
        await Task.Delay(Timeout.Infinite, exchange.ServerEnds);
    }

    private static async Task SendWithoutEndAsync(Func<ReadOnlyMemory<byte>, Task> send, bool chunked)
    {
        try
        {
            byte[] piece = chunked ? [.. "10000\r\n"u8, .. Piece, .. "\r\n"u8] : Piece;
            while (true) await send(piece);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The end was signalled.
        }
    }

    private static async Task<string?> EndsAsync(string name, NetworkStream stream)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (await stream.ReadAsync(new byte[1024], limit.Token) > 0)
            {
                // What had come before.
            }

            return null;
        }
        catch (IOException)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"{name}: the client is not told";
        }
    }
}
