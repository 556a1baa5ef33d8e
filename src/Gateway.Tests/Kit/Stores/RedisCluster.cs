namespace FathomGateway.Tests.Kit;

/// <summary>
/// A Redis Cluster of three primaries with a replica each; a replica takes over two seconds after its primary has gone silent.
/// </summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly RedisServer[] _nodes;

    private RedisCluster(RedisServer[] nodes) => _nodes = nodes;

    /// <summary>In the words of the client library.</summary>
    public string ConnectionString => string.Join(',', _nodes.Select(node => $"127.0.0.1:{node.Port}"));

    public static async Task<RedisCluster> StartAsync()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => StartNodeAsync()));
        var cluster = new RedisCluster(nodes);
        await ChildProcess.RunAsync(
            Programs.Find("redis-cli", "apt-get install redis-server"),
            ["--cluster", "create", .. nodes.Select(node => $"127.0.0.1:{node.Port}"), "--cluster-replicas", "1", "--cluster-yes"]);
        await Eventually.BecomesTrueAsync(
            () => cluster.AllAsync("INFO", "replication", "master_link_status:down", present: false), Limit, "all replicas are in step");
        await cluster.IsWholeAsync();
        return cluster;
    }

    /// <summary>Kills the first of the primaries, which serves a third of all keys.</summary>
    public void KillPrimary() => _nodes[0].Kill();

    /// <summary>All slots are served.</summary>
    public Task IsWholeAsync() =>
        Eventually.BecomesTrueAsync(() => AllAsync("CLUSTER", "INFO", "cluster_state:ok", present: true), Limit, "the cluster is whole");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    /// <summary>
    /// The port for the other nodes is set: by default it is ten thousand above the node's own, and another server of these tests may have
    /// that one.
    /// </summary>
    private static Task<RedisServer> StartNodeAsync() => RedisServer.StartAsync(
        "--cluster-enabled", "yes", "--cluster-port", $"{FreePort.Next()}", "--cluster-node-timeout", "2000",
        "--repl-diskless-sync-delay", "0");

    private async Task<bool> AllAsync(string command, string section, string line, bool present)
    {
        foreach (var node in _nodes.Where(node => !node.HasExited))
        {
            if ((await node.CommandAsync(command, section)).Contains(line, StringComparison.Ordinal) != present) return false;
        }

        return true;
    }
}
