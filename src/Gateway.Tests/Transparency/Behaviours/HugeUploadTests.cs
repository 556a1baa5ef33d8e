using System.Globalization;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>What passes through does not stay: the gateway's memory does not grow with a body.</summary>
[Trait("Speed", "Slow")]
public sealed class HugeUploadTests
{
    private const long Length = 5L * 1024 * 1024 * 1024;
    private const int PieceLength = 256 * 1024;
    private const long WarmUp = Length / 20;
    private const long LargestGrowth = 64 * 1024 * 1024;

    [Fact]
    public async Task Five_gigabytes_pass_in_flat_memory()
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
            if (sent == WarmUp) before = ResidentBytes(gateway.ProcessId);
            if (sent > WarmUp && sent % (64L * PieceLength) == 0) peak = Math.Max(peak, ResidentBytes(gateway.ProcessId));
        }

        Assert.Equal(201, (await client.ReadResponseAsync()).Status);
        Assert.Equal(Length, discarded);
        Assert.True(peak - before < LargestGrowth, $"resident memory grew from {before} to {peak} bytes");
    }

    private static long ResidentBytes(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").Single(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(':', 2)[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }
}
