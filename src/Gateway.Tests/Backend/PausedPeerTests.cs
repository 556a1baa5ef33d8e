using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>A peer that pauses still answers keepalive probes: its transfers must not be ended.</summary>
[Trait("Speed", "Slow")]
public sealed class PausedPeerTests
{
    /// <summary>More than the kernels on the way hold, so that both windows are closed during the pause.</summary>
    private const int Length = 30_000_000;

    /// <summary>Longer than any limit for a peer that has vanished.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(55);

    private static readonly byte[] Piece = new byte[64 * 1024];

    [Fact]
    public async Task A_peer_that_pauses_for_55_seconds_receives_everything_B8()
    {
        var faults = await Task.WhenAll(
            DownloadAsync(tls: false), DownloadAsync(tls: true), UploadAsync(tls: false), UploadAsync(tls: true),
            BackendPausesAsync(), WebSocketToClientAsync(), WebSocketToBackendAsync());

        Assert.Empty(faults.OfType<string>());
    }

    private static async Task<string?> DownloadAsync(bool tls)
    {
        await using var proxied = await ProxiedBackend.StartAsync(
            async exchange =>
            {
                await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
                await SendAsync(exchange.SendAsync);
            },
            tls);
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        await client.ReadHeadAsync();
        await Task.Delay(Pause);
        return Fault($"download, TLS {tls}", await CountAsync(client.ReadSomeAsync));
    }

    private static async Task<string?> UploadAsync(bool tls)
    {
        var received = 0;
        await using var proxied = await ProxiedBackend.StartAsync(
            async exchange =>
            {
                await Task.Delay(Pause, exchange.ServerEnds);
                received = await CountAsync(exchange.ReadSomeAsync);
                await exchange.SendAsync("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
                exchange.Close();
            },
            tls);
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Upload.Head(chunked: false, Length));
        var sending = Upload.SendBodyAsync(client, chunked: false, Length);
        var response = await client.ReadResponseAsync("POST", TimeSpan.FromMinutes(3));
        await sending;
        return response.Status == 201 ? Fault($"upload, TLS {tls}", received) : $"upload, TLS {tls}: {response.Status}";
    }

    private static async Task<string?> BackendPausesAsync()
    {
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
            await Task.Delay(Pause, exchange.ServerEnds);
            await exchange.SendAsync("half");
        });
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var response = await client.ReadResponseAsync(within: TimeSpan.FromMinutes(3));
        return response.BodyText == "halfhalf" ? null : $"backend that pauses: {response.BodyText}";
    }

    private static async Task<string?> WebSocketToClientAsync()
    {
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync(Upgrade.Accepted);
            await SendAsync(exchange.SendAsync);
            await exchange.IsEndedByPeerAsync();
            exchange.Close();
        });
        await using var client = await Upgrade.ConnectAsync(proxied);
        await Task.Delay(Pause);
        return Fault("WebSocket to the client", await CountAsync(client.ReadSomeAsync));
    }

    private static async Task<string?> WebSocketToBackendAsync()
    {
        var received = new TaskCompletionSource<int>();
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync(Upgrade.Accepted);
            await Task.Delay(Pause, exchange.ServerEnds);
            received.SetResult(await CountAsync(exchange.ReadSomeAsync));
            exchange.Close();
        });
        await using var client = await Upgrade.ConnectAsync(proxied);
        await SendAsync(client.SendAsync);
        return Fault("WebSocket to the backend", await received.Task.WaitAsync(TimeSpan.FromMinutes(3)));
    }

    private static string? Fault(string what, int length) => length == Length ? null : $"{what}: {length} bytes";

    private static async Task SendAsync(Func<ReadOnlyMemory<byte>, Task> send)
    {
        for (var left = Length; left > 0; left -= Piece.Length) await send(Piece.AsMemory(0, Math.Min(left, Piece.Length)));
    }

    private static async Task<int> CountAsync(Func<Task<byte[]>> read)
    {
        var count = 0;
        try
        {
            while (count < Length && await read() is { Length: > 0 } some) count += some.Length;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // What was cut off shows in the count.
        }

        return count;
    }
}
