using System.Diagnostics;
using System.Globalization;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>A gateway process that is ended and started again on the same ports, and when that was: what was asked of it meanwhile may have failed.</summary>
internal sealed class SoakReplica : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _settings;
    private long _spoiledUntil;

    private SoakReplica(Dictionary<string, string?> settings) => _settings = settings;

    public GatewayProcess Gateway { get; private set; } = null!;

    /// <summary>Completed when a process that was asked to end has done so.</summary>
    public Task Ending { get; set; } = Task.CompletedTask;

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
        await Ending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var former = Gateway;
        Gateway = await GatewayProcess.StartAsync(_settings);
        await former.DisposeAsync();
    }

    /// <summary>How many issued tokens wait for the database: in Redis, or in this process.</summary>
    public async Task<long> WaitingTokensAsync() => (await Gateway.InternalClient.GetStringAsync("metrics")).Split('\n')
        .Where(line => line.StartsWith("fathom_rescued_tokens{", StringComparison.Ordinal))
        .Sum(line => (long)double.Parse(line.Split("} ")[1].Split(' ')[0], CultureInfo.InvariantCulture));

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();
}
