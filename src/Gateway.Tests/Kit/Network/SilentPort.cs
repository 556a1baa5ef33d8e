using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// A port that swallows SYNs, as a host behind a firewall that drops them: a listener whose queue is full and which accepts nothing.
/// Linux leaves a SYN without an answer then (unless <c>tcp_abort_on_overflow</c> is set); the client repeats it after 1, 3, 7 s.
/// </summary>
internal sealed class SilentPort : IDisposable
{
    /// <summary>
    /// More than fit into the shortest queue: with a backlog of 0 it holds one connection, and Linux lets one more begin.
    /// </summary>
    private const int MaxFillers = 16;

    private static readonly TimeSpan Unanswered = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// A killed server's children hold its port until the last of them has ended; on a loaded machine that takes seconds.
    /// </summary>
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(20);

    private readonly Socket _listener;
    private readonly List<Socket> _fillers = [];

    private SilentPort(IPEndPoint at)
    {
        _listener = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(at);
            _listener.Listen(0);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
    }

    /// <summary>Opens it, as soon as the port is free.</summary>
    public static async Task<SilentPort> OpenAsync(IPEndPoint at)
    {
        SilentPort silent = null!;
        await Eventually.BecomesTrueAsync(
            () =>
            {
                silent = new SilentPort(at);
                return true;
            },
            ReleaseTimeout,
            $"{at} is free");
        while (silent._fillers.Count < MaxFillers)
        {
            var filler = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            silent._fillers.Add(filler);
            using var limit = new CancellationTokenSource(Unanswered);
            try
            {
                await filler.ConnectAsync(at, limit.Token);
            }
            catch (OperationCanceledException)
            {
                return silent;
            }
        }

        silent.Dispose();
        throw new InvalidOperationException($"{at} answers each of {MaxFillers} connections although none is accepted.");
    }

    public void Dispose()
    {
        foreach (var filler in _fillers) filler.Dispose();
        _listener.Dispose();
    }
}
