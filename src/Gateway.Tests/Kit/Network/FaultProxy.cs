using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// A TCP proxy on loopback that injects faults between a client and a server: see <see cref="FaultDirection"/> for what it
/// does to the bytes of each direction, and here for what it does to whole connections. Without a fault it forwards everything at once.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<FaultLink, byte> _links = [];
    private readonly Lock _gate = new();
    private TcpListener? _listener;
    private bool _swallows;

    private FaultProxy(int target)
    {
        Target = target;
        AcceptNew();
    }

    /// <summary>Where clients connect to, instead of to the server.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>Where connections are passed on to; a change is for those made from now on.</summary>
    public int Target { get; set; }

    /// <summary>From the clients to the server.</summary>
    public FaultDirection ToServer { get; } = new();

    /// <summary>From the server to the clients.</summary>
    public FaultDirection FromServer { get; } = new();

    /// <summary>Connections that are open now.</summary>
    public int Connections => _links.Count;

    /// <summary>Begins to pass connections on to a server on this port of loopback; the server need not be there yet.</summary>
    public static FaultProxy Start(int target) => new(target);

    /// <summary>Ends every open connection by a TCP reset, on both sides.</summary>
    public void Reset()
    {
        foreach (var link in _links.Keys) link.Reset();
    }

    /// <summary>Refuses new connections, as a server that is not running; open ones go on.</summary>
    public void RefuseNew()
    {
        lock (_gate)
        {
            _listener?.Stop();
            _listener = null;
        }
    }

    public void AcceptNew()
    {
        lock (_gate)
        {
            if (_listener is not null) return;
            _listener = new TcpListener(IPAddress.Loopback, Port);
            _listener.Start();
            _ = AcceptAsync(_listener);
        }
    }

    /// <summary>
    /// A black hole: open connections and those made from now on stay open and silent, and what is sent on them arrives
    /// nowhere. After <see cref="Heal"/> new connections work, and these stay dead: half open, as with a middlebox that forgot them.
    /// </summary>
    public void BlackHole()
    {
        _swallows = true;
        foreach (var link in _links.Keys) link.Swallow();
    }

    public void Heal() => _swallows = false;

    public ValueTask DisposeAsync()
    {
        RefuseNew();
        Reset();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptSocketAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var link = new FaultLink(client);
        _links[link] = 0;
        if (_swallows) link.Swallow();
        await link.RunAsync(Target, ToServer, FromServer);
        _links.TryRemove(link, out _);
    }
}
