using System.Diagnostics;
using System.Net;
using FathomGateway.Tests.Kit;
using Xunit.Sdk;

namespace FathomGateway.Tests.Deploy;

/// <summary>
/// HAProxy with deploy/haproxy.cfg, as it stands there, in front of gateways that are processes of their own on addresses of their own.
/// </summary>
internal sealed class HaproxyInFront : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    private readonly int _port = FreePort.Next();
    private readonly int _internalPort = FreePort.Next();
    private readonly int _ownPort = FreePort.Next();
    private readonly ChildProcess?[] _replicas;
    private readonly IPAddress[] _addresses;
    private readonly LoopbackNames _names;
    private readonly Uri _backend;
    private ChildProcess? _haproxy;

    private HaproxyInFront(int replicas, Uri backend)
    {
        // All of 127/8 is loopback.
        _addresses = [.. Enumerable.Range(11, replicas).Select(last => IPAddress.Parse($"127.0.7.{last}"))];
        _replicas = new ChildProcess?[replicas];
        _names = new LoopbackNames(_addresses);
        _backend = backend;
        Client = GatewayClient.For(Address);
    }

    public Uri Address => new($"http://127.0.0.1:{_ownPort}/");

    public HttpClient Client { get; }

    public static async Task<HaproxyInFront> StartAsync(int replicas, Uri backend)
    {
        var whole = new HaproxyInFront(replicas, backend);
        try
        {
            foreach (var replica in Enumerable.Range(0, replicas)) await whole.StartAsync(replica);
            var start = new ProcessStartInfo(
                Programs.Find("haproxy", "apt-get install haproxy"),
                ["-f", Path.Combine(Conventions.Repository.Root, "deploy", "haproxy.cfg")]);
            start.Environment["LISTEN"] = $"127.0.0.1:{whole._ownPort}";
            start.Environment["DNS"] = $"{whole._names.Address}";
            start.Environment["GATEWAY_PORT"] = $"{whole._port}";
            start.Environment["GATEWAY_INTERNAL_PORT"] = $"{whole._internalPort}";
            whole._haproxy = ChildProcess.Start(start);
            await whole.BecomesReachableAsync();
            return whole;
        }
        catch
        {
            await whole.DisposeAsync();
            throw;
        }
    }

    public async Task StartAsync(int replica)
    {
        var replicaAddress = $"{_addresses[replica]}";
        var process = _replicas[replica] = GatewayCommand.Start([], TestSettings.Embedded(
            ("PORT", $"{_port}"),
            ("MANAGEMENT_PORT", $"{_internalPort}"),
            ("PUBLIC_HOST", replicaAddress),
            ("MANAGEMENT_HOST", replicaAddress),
            ("BACKEND_URL", $"{_backend}")));
        using var client = GatewayClient.For(new Uri($"http://{replicaAddress}:{_internalPort}/"));
        await Eventually.BecomesTrueAsync(
            async () => process.HasExited
                ? throw new XunitException($"A gateway ended:\n{process.Errors}")
                : (await client.GetAsync("health/live")).IsSuccessStatusCode, MaxWait, "the replica is live");
    }

    /// <summary>Asks a replica to end, as a deployment does.</summary>
    public async Task<int> StopAsync(int replica)
    {
        _replicas[replica]!.Send(Signal.Terminate);
        return await _replicas[replica]!.ExitCodeAsync(MaxWait);
    }

    public void Kill(int replica) => _replicas[replica]!.Kill();

    /// <summary>Waits until HAProxy has detected which servers are up: ten requests in a row are answered.</summary>
    public Task BecomesReachableAsync() => Eventually.BecomesTrueAsync(
        async () =>
        {
            if (_haproxy!.HasExited) throw new XunitException($"HAProxy ended:\n{_haproxy.Errors}");
            for (var request = 0; request < 10; request++)
            {
                using var message = new HttpRequestMessage(HttpMethod.Get, "reachable") { Headers = { ConnectionClose = true } };
                if ((await Client.SendAsync(message)).StatusCode != HttpStatusCode.OK) return false;
            }

            return true;
        },
        MaxWait,
        "the gateways are reached through HAProxy");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_haproxy is not null) await _haproxy.DisposeAsync();
        foreach (var replica in _replicas)
            if (replica is not null) await replica.DisposeAsync();
        await _names.DisposeAsync();
    }
}
