using System.Diagnostics;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>A gateway process that is killed and started again on the same ports, and when that was: what was asked of it meanwhile may have failed.</summary>
internal sealed class SoakReplica : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _settings;
    private readonly List<(int Process, long Kilobytes, int Descriptors)> _baseline = [];
    private long _spoiledUntil;

    private SoakReplica(Dictionary<string, string?> settings) => _settings = settings;

    public GatewayProcess Gateway { get; private set; } = null!;

    /// <summary>The largest growth of a process since its first sample, in percent of memory and in descriptors.</summary>
    public (double Memory, int Descriptors) Growth { get; private set; }

    public static async Task<SoakReplica> StartAsync(Dictionary<string, string?> settings)
    {
        var replica = new SoakReplica(new Dictionary<string, string?>(settings) { ["PORT"] = $"{FreePort.Next()}", ["MANAGEMENT_PORT"] = $"{FreePort.Next()}" });
        replica.Gateway = await GatewayProcess.StartAsync(replica._settings);
        return replica;
    }

    /// <summary>Nothing that began before it, or ends before it was over, counts.</summary>
    public void Spoil() => Volatile.Write(ref _spoiledUntil, long.MaxValue);

    public void Heal() => Volatile.Write(ref _spoiledUntil, Stopwatch.GetTimestamp());

    public bool IsExcused(long begun) => Volatile.Read(ref _spoiledUntil) > begun;

    public async Task RestartAsync()
    {
        var former = Gateway;
        Gateway = await GatewayProcess.StartAsync(_settings);
        await former.DisposeAsync();
    }

    /// <summary>Reads from /proc what the process uses; the first sample of each process is what the later ones are held against.</summary>
    public void Sample()
    {
        var folder = $"/proc/{Gateway.ProcessId}";
        if (!File.Exists($"{folder}/status")) return;
        var resident = File.ReadLines($"{folder}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var now = (Process: Gateway.ProcessId, Kilobytes: long.Parse(resident, System.Globalization.CultureInfo.InvariantCulture), Descriptors: Directory.GetFileSystemEntries($"{folder}/fd").Length);
        var first = _baseline.Find(one => one.Process == now.Process);
        if (first == default) _baseline.Add(now);
        else Growth = (100.0 * (now.Kilobytes - first.Kilobytes) / first.Kilobytes, now.Descriptors - first.Descriptors);
    }

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();
}
