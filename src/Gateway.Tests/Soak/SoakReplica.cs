using System.Diagnostics;
using System.Globalization;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Soak;

/// <summary>
/// A gateway process that is ended and started again on the same ports, and when that was: what was asked of it meanwhile may have failed.
/// </summary>
internal sealed class SoakReplica : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _settings;
    private long _spoiledUntil;

    private SoakReplica(Dictionary<string, string?> settings) => _settings = settings;

    public GatewayProcess Gateway { get; private set; } = null!;

    /// <summary>A client of the gateway's listener for HTTP/2; its requests share a connection.</summary>
    public HttpClient Http2 { get; private set; } = null!;

    /// <summary>Completed when a process that was asked to end has done so.</summary>
    public Task Ending { get; set; } = Task.CompletedTask;

    public static async Task<SoakReplica> StartAsync(Dictionary<string, string?> settings)
    {
        var ports = new Dictionary<string, string?>(settings);
        foreach (var name in new[] { "PORT", "MANAGEMENT_PORT", "H2C_PORT" }) ports[name] = $"{FreePort.Next()}";
        var replica = new SoakReplica(ports);
        await replica.BeginAsync();
        return replica;
    }

    /// <summary>Nothing that began before it, or ends before it was over, counts.</summary>
    public void Spoil() => Volatile.Write(ref _spoiledUntil, long.MaxValue);

    public void Heal() => Volatile.Write(ref _spoiledUntil, Stopwatch.GetTimestamp());

    public bool IsExcused(long begun) => Volatile.Read(ref _spoiledUntil) > begun;

    /// <summary>Restarts a process that has ended unexpectedly.</summary>
    /// <returns>How it ended, with its last lines; null where it is alive.</returns>
    public async Task<string?> ReviveAsync()
    {
        const int LastLines = 20;
        if (!Gateway.HasExited) return null;
        var code = await Gateway.ExitCodeAsync();
        var last = string.Join('\n', Gateway.Output.Split('\n').TakeLast(LastLines));
        await RestartAsync();
        return $"a gateway (process {Gateway.ProcessId} took its place) ended by itself with {code}:\n{last}";
    }

    public async Task RestartAsync()
    {
        await Ending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var former = Gateway;
        // The new process would serve a request of theirs that is cancelled when they are disposed.
        EndClients();
        former.InternalClient.Dispose();
        await BeginAsync();
        await former.DisposeAsync();
    }

    /// <summary>Closes what the clients of the public listeners keep open.</summary>
    public void EndClients()
    {
        Gateway.Client.Dispose();
        Http2.Dispose();
    }

    /// <summary>
    /// Connections that the gateway holds and should not: to the backend, and of clients that have closed theirs. A client of these tests
    /// that keeps a connection open is none of the gateway's affairs.
    /// </summary>
    public IEnumerable<string> ConnectionsLeft(int backendPort)
    {
        foreach (var one in SoakConnections.Of(Gateway.ProcessId))
        {
            var end = one.OtherPort == backendPort ? "the backend" : one.OwnPort == Gateway.Public.Port ? "a client of HTTP/1.1"
                : one.OwnPort == Http2.BaseAddress!.Port ? "a client of HTTP/2" : null;
            if (end is null) continue;
            var other = SoakConnections.Of(Environment.ProcessId, one.OtherPort, one.OwnPort) is [var first, ..] ? first : null;
            if (one.OtherPort == backendPort || other?.State is not ("established" or "CLOSE_WAIT"))
                yield return $"of {end}, {one.State} ({one.Queues}), at the other end {other?.State ?? "gone"} ({other?.Queues})";
        }
    }

    /// <summary>The unhandled exceptions that the process has logged.</summary>
    public IEnumerable<string> Failures => Gateway.Output.Split('\n').Where(line =>
        line.Contains(" fail: Microsoft.AspNetCore.", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal));

    /// <summary>How many issued tokens wait for the database: in Redis, or in this process.</summary>
    public async Task<long> WaitingTokensAsync() => (await Gateway.InternalClient.GetStringAsync("metrics")).Split('\n')
        .Where(line => line.StartsWith("fathom_rescued_tokens{", StringComparison.Ordinal))
        .Sum(line => (long)double.Parse(line.Split("} ")[1].Split(' ')[0], CultureInfo.InvariantCulture));

    public ValueTask DisposeAsync()
    {
        Http2.Dispose();
        return Gateway.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        Gateway = await GatewayProcess.StartAsync(_settings);
        Http2 = GatewayClient.For(new Uri($"http://127.0.0.1:{_settings["H2C_PORT"]}/"));
    }
}
