using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>The gateway's memory does not grow with the size of a body.</summary>
[Trait("Speed", "Slow")]
public sealed class HugeBodyTests
{
    private const long Length = 5L * 1024 * 1024 * 1024;
    private const int PieceLength = 256 * 1024;
    private const long WarmUp = Length / 20;
    private const long MaxGrowth = 64 * 1024 * 1024;

    [Fact]
    public async Task Five_gigabytes_are_sent_in_flat_memory_F21()
    {
        long discarded = 0;
        await using var backend = RawServer.Start(async exchange =>
        {
            while (discarded < Length) discarded += (await exchange.Reader.ReadSomeAsync(exchange.ServerEnds)).Length;
            await exchange.SendAsync("HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            exchange.Close();
        });
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(("BACKEND_URL", backend.Address.ToString())));
        await using var client = await RawClient.ConnectAsync(gateway.Public);
        await client.SendAsync($"PUT /huge HTTP/1.1\r\nHost: h\r\nContent-Length: {Length}\r\n\r\n");

        long before = 0, peak = 0;
        var piece = new byte[PieceLength];
        for (long sent = 0; sent < Length; sent += PieceLength)
        {
            await client.SendAsync(piece);
            if (sent == WarmUp) before = ProcessMemory.ResidentBytes(gateway.ProcessId);
            if (sent > WarmUp && sent % (64L * PieceLength) == 0) peak = Math.Max(peak, ProcessMemory.ResidentBytes(gateway.ProcessId));
        }

        Assert.Equal(201, (await client.ReadResponseAsync()).Status);
        Assert.Equal(Length, discarded);
        Assert.True(peak - before < MaxGrowth, $"resident memory grew from {before} to {peak} bytes");
    }

    [Fact]
    public async Task Five_gigabytes_are_received_in_flat_memory_however_slowly_they_are_read_F21()
    {
        var piece = new byte[PieceLength];
        await using var backend = RawServer.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
            for (long sent = 0; sent < Length; sent += PieceLength) await exchange.SendAsync(piece);
        });
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(("BACKEND_URL", backend.Address.ToString())));
        using var response =
            await gateway.Client.GetAsync("huge", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        long received = 0, before = 0, peak = 0;
        for (int read; (read = await body.ReadAsync(piece, TestContext.Current.CancellationToken)) > 0; received += read)
        {
            if (before == 0 && received > WarmUp) before = ProcessMemory.ResidentBytes(gateway.ProcessId);
            // A look at the other process is a pause in which the backend goes on sending.
            if (received > WarmUp && (received >> 24) != ((received + read) >> 24))
                peak = Math.Max(peak, ProcessMemory.ResidentBytes(gateway.ProcessId));
        }

        Assert.Equal(Length, received);
        Assert.True(peak - before < MaxGrowth, $"resident memory grew from {before} to {peak} bytes");
    }
}
