using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Tcp;

/// <summary>
/// Opens a TCP connection to a name by "Happy Eyeballs" (RFC 8305). Resolves the name each time and tries its addresses, IPv6 and IPv4
/// alternating. The next attempt starts when the previous one has failed or has not completed within a quarter of a second. The first
/// connection wins.
/// </summary>
internal static class TcpConnector
{
    /// <summary>
    /// Time limit for the resolution and all attempts. A host that wakes up accepts connections before it answers, so this is enough.
    /// </summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>RFC 8305, section 8: Connection Attempt Delay.</summary>
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <exception cref="SocketException">The name has no address, or none of them accepts.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or not connected in time.</exception>
    public static async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancel)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : Interleave(await Dns.GetHostAddressesAsync(host, cancel));
        return await ConnectAsync(addresses, port, cancel);
    }

    /// <summary>Tries the given addresses in their order.</summary>
    internal static async Task<Socket> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancel)
    {
        if (addresses.Count == 0) throw new SocketException((int)SocketError.HostNotFound);
        if (addresses.Count == 1) return await AttemptAsync(addresses[0], port, cancel);

        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var attempts = new List<Task>();
        Exception? failure = null;
        foreach (var address in addresses)
        {
            attempts.Add(AttemptAsync(address, port, losers.Token));
            var delay = attempts.Count < addresses.Count ? Task.Delay(AttemptDelay, cancel) : null;
            while (attempts.Count > 0)
            {
                var ended = await Task.WhenAny(delay is null ? attempts : [.. attempts, delay]);
                if (ended == delay) break;
                attempts.Remove(ended);
                if (ended.IsCompletedSuccessfully)
                {
                    await losers.CancelAsync();
                    foreach (var attempt in attempts) CloseWhenConnected((Task<Socket>)attempt);
                    return ((Task<Socket>)ended).Result;
                }

                failure = ended.Exception?.InnerException ?? failure;
                // After a refusal the next attempt starts at once.
                if (delay is not null) break;
            }

            cancel.ThrowIfCancellationRequested();
        }

        throw failure ?? new OperationCanceledException();
    }

    /// <summary>
    /// Alternates both families, IPv6 first (RFC 8305, section 4). Within a family the resolver's order holds (RFC 6724).
    /// </summary>
    internal static List<IPAddress> Interleave(IPAddress[] addresses)
    {
        var families = addresses.GroupBy(one => one.AddressFamily)
            .OrderBy(family => family.Key == AddressFamily.InterNetworkV6 ? 0 : 1)
            .ToArray();
        var turns = families.Length == 0 ? 0 : families.Max(family => family.Count());
        var alternating = Enumerable.Range(0, turns).SelectMany(turn => families.Select(family => family.ElementAtOrDefault(turn)));
        return [.. alternating.OfType<IPAddress>()];
    }

    private static async Task<Socket> AttemptAsync(IPAddress address, int port, CancellationToken cancel)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            TcpKeepAlive.Enable(socket);
            await socket.ConnectAsync(new IPEndPoint(address, port), cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Closes the socket of an attempt that succeeds while it is being cancelled.</summary>
    private static void CloseWhenConnected(Task<Socket> attempt) => attempt.ContinueWith(
        static ended =>
        {
            if (ended.IsCompletedSuccessfully) ended.Result.Dispose();
            else _ = ended.Exception;
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
