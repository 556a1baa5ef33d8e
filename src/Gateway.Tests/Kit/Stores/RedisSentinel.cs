using System.Diagnostics;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// A primary, a replica of it, and a sentinel that makes the replica the primary one second after the former one has gone silent.
/// </summary>
internal sealed class RedisSentinel : IAsyncDisposable
{
    private const string Name = "the-primary";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = TempFolder.Create("sentinel");
    private readonly int _port = FreePort.Next();
    private ChildProcess? _sentinel;

    private RedisSentinel(RedisServer primary, RedisServer replica) => (Primary, Replica) = (primary, replica);

    public RedisServer Primary { get; }

    public RedisServer Replica { get; }

    /// <summary>In the words of the client library.</summary>
    public string ConnectionString => $"127.0.0.1:{_port},serviceName={Name}";

    public static async Task<RedisSentinel> StartAsync()
    {
        var primary = await RedisServer.StartAsync("--repl-diskless-sync-delay", "0");
        var replica = await RedisServer.StartAsync("--replicaof", $"127.0.0.1 {primary.Port}");
        var sentinel = new RedisSentinel(primary, replica);
        await Eventually.BecomesTrueAsync(sentinel.IsInStepAsync, Limit, "the replica is in step");
        await sentinel.LaunchAsync();
        return sentinel;
    }

    /// <summary>Whether the replica has everything that the primary has.</summary>
    public async Task<bool> IsInStepAsync() =>
        (await Replica.CommandAsync("INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal)
            && await Primary.CommandAsync("WAIT", "1", "1000") == "1";

    /// <summary>
    /// Nothing that the primary is told from now on reaches the replica, not even out of the kernel's buffers once it is resumed.
    /// </summary>
    public async Task CutReplicaOffAsync()
    {
        Replica.Suspend();
        await Primary.CommandAsync("CLIENT", "KILL", "TYPE", "replica");
    }

    public Task IsPromotedAsync() => Eventually.BecomesTrueAsync(
        async () => (await Replica.CommandAsync("INFO", "replication")).Contains("role:master", StringComparison.Ordinal),
        Limit,
        "the replica is the primary now");

    public async ValueTask DisposeAsync()
    {
        if (_sentinel is not null) await _sentinel.DisposeAsync();
        await Replica.DisposeAsync();
        await Primary.DisposeAsync();
        TempFolder.Remove(_folder);
    }

    private async Task LaunchAsync()
    {
        var file = Path.Combine(_folder, "sentinel.conf");
        await File.WriteAllLinesAsync(file,
        [
            $"port {_port}", "bind 127.0.0.1", $"dir {_folder}", $"sentinel monitor {Name} 127.0.0.1 {Primary.Port} 1",
            $"sentinel down-after-milliseconds {Name} 1000", $"sentinel failover-timeout {Name} 5000",
        ]);
        _sentinel =
            ChildProcess.Start(new ProcessStartInfo(Programs.Find("redis-server", "apt-get install redis-server"), [file, "--sentinel"]));
        await Eventually.BecomesTrueAsync(
            async () => (await ChildProcess.RunAsync(
                Programs.Find("redis-cli", "apt-get install redis-server"), "-p", $"{_port}", "SENTINEL", "REPLICAS", Name))
                .Contains($"{Replica.Port}", StringComparison.Ordinal),
            Limit,
            "the sentinel knows the replica");
    }
}
