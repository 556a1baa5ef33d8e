using System.Net;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>HTTP/2 to the backend, and many clients that read nothing: each stream's window is what the gateway may have to keep.</summary>
[Trait("Speed", "Slow")]
public sealed class UnreadHttp2ResponseTests
{
    private const int Clients = 600, Length = 4_000_000;

    /// <summary>The memory of a small host.</summary>
    private const string HeapLimit = "0x18000000";

    /// <summary>
    /// For each client a window, the forwarder's buffer and the server's, of 64 kB each, and what is not collected yet. Measured: 188 MB in
    /// all, 338 MB where .NET lets the windows grow.
    /// </summary>
    private const long MaxGrowth = Clients * 448 * 1024;

    [Fact]
    public async Task Six_hundred_unread_HTTP_2_responses_are_held_in_flat_memory_and_arrive_whole_B10()
    {
        var piece = new byte[64 * 1024];
        var sent = 0L;
        await using var backend = await CleartextHttp2Backend.StartAsync(async context =>
        {
            context.Response.ContentLength = Length;
            for (var left = Length; left > 0; left -= piece.Length)
            {
                await context.Response.Body.WriteAsync(piece.AsMemory(0, Math.Min(left, piece.Length)));
                Interlocked.Add(ref sent, piece.Length);
            }
        });
        await using var gateway = await GatewayProcess.StartAsync(
            TestSettings.Embedded([.. backend.Settings, ("DOTNET_GCHeapHardLimit", HeapLimit)]));
        Assert.Equal(Length, (await gateway.Client.GetByteArrayAsync("first")).Length);
        var before = ProcessMemory.ResidentBytes(gateway.ProcessId);
        var clients = new List<RawClient>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(await RawClient.ConnectAsync(gateway.Public));
            await clients[^1].SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        }

        var peak = 0L;
        await Eventually.StandsStillAsync(
            () =>
            {
                peak = Math.Max(peak, ProcessMemory.ResidentBytes(gateway.ProcessId));
                return Interlocked.Read(ref sent);
            },
            TimeSpan.FromMinutes(2));

        Assert.True(peak - before < MaxGrowth, $"the gateway grew by {peak - before} bytes");
        using var live = await gateway.InternalClient.GetAsync("health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        // The slowest of them, and those who came last, are given all of it.
        foreach (var client in clients.Take(10).Concat(clients.TakeLast(10)))
        {
            Assert.Equal(Length, (await client.ReadResponseAsync(within: TimeSpan.FromMinutes(1))).Body.Length);
        }

        foreach (var client in clients) await client.DisposeAsync();
    }
}
