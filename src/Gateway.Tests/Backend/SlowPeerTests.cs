using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>A peer that reads nothing costs the gateway only small buffers.</summary>
[Trait("Speed", "Slow")]
public sealed class SlowPeerTests
{
    private const int Peers = 50;

    /// <summary>200 MB for all of them together.</summary>
    private const int Length = 4_000_000;

    /// <summary>64 kB for each direction of each would be 6.4 MB; the rest is what a garbage collector leaves lying about.</summary>
    private const long MaxGrowth = 48 * 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly byte[] Piece = new byte[64 * 1024];

    [Fact]
    public async Task Clients_that_read_nothing_cost_only_small_buffers_B10()
    {
        var sent = new long[Peers];
        await using var backend = RawServer.Start(async exchange =>
        {
            var number = int.Parse(exchange.Head.Target[1..], System.Globalization.CultureInfo.InvariantCulture);
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
            for (var left = Length; left > 0; left -= Piece.Length)
            {
                await exchange.SendAsync(Piece.AsMemory(0, Math.Min(left, Piece.Length)));
                Interlocked.Add(ref sent[number], Piece.Length);
            }
        });
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(("BACKEND_URL", $"{backend.Address}")));
        Assert.Equal(Length, (await RawClient.ExchangeAsync(gateway.Public, "GET /0 HTTP/1.1\r\nHost: h\r\n\r\n")).Body.Length);
        var before = ProcessMemory.ResidentBytes(gateway.ProcessId);
        var clients = new List<RawClient>();
        for (var number = 0; number < Peers; number++)
        {
            clients.Add(await RawClient.ConnectAsync(gateway.Public));
            await clients[^1].SendAsync($"GET /{number} HTTP/1.1\r\nHost: h\r\n\r\n");
        }

        await Eventually.StandsStillAsync(() => sent.Sum(), Limit);
        var grown = ProcessMemory.ResidentBytes(gateway.ProcessId) - before;

        Assert.True(grown < MaxGrowth, $"the gateway grew by {grown} bytes");
        // And then they read, and nothing is missing.
        foreach (var client in clients) Assert.Equal(Length, (await client.ReadResponseAsync(within: TimeSpan.FromMinutes(1))).Body.Length);
        foreach (var client in clients) await client.DisposeAsync();
    }

    [Fact]
    public async Task Backends_that_read_nothing_cost_only_small_buffers_B10()
    {
        var mayRead = new TaskCompletionSource();
        await using var backend = RawServer.Start(async exchange =>
        {
            if (exchange.Head.Method == "POST") await mayRead.Task;
            var length = (await exchange.ReadRequestAsync()).Body.Length;
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {$"{length}".Length}\r\n\r\n{length}");
        });
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(("BACKEND_URL", $"{backend.Address}")));
        await RawClient.ExchangeAsync(gateway.Public, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        var before = ProcessMemory.ResidentBytes(gateway.ProcessId);
        var sent = 0L;
        var answers = Enumerable.Range(0, Peers)
            .Select(number => UploadAsync(gateway.Public, number % 2 == 0, () => Interlocked.Add(ref sent, Piece.Length)))
            .ToArray();

        await Eventually.StandsStillAsync(() => Interlocked.Read(ref sent), Limit);
        var grown = ProcessMemory.ResidentBytes(gateway.ProcessId) - before;
        mayRead.SetResult();

        Assert.True(grown < MaxGrowth, $"the gateway grew by {grown} bytes");
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal($"{Length}", answer));
    }

    private static async Task<string> UploadAsync(Uri gateway, bool chunked, Action onPiece)
    {
        await using var client = await RawClient.ConnectAsync(gateway);
        await client.SendAsync(Upload.Head(chunked, Length));
        for (var left = Length; left > 0; left -= Piece.Length)
        {
            var piece = Piece.AsMemory(0, Math.Min(left, Piece.Length));
            if (chunked) await client.SendAsync($"{piece.Length:x}\r\n");
            await client.SendAsync(piece);
            if (chunked) await client.SendAsync("\r\n");
            onPiece();
        }

        if (chunked) await client.SendAsync("0\r\n\r\n");
        return (await client.ReadResponseAsync("POST", TimeSpan.FromMinutes(2))).BodyText;
    }
}
