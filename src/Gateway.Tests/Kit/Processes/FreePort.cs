using System.Net.Sockets;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// Loopback ports for servers that are stopped and started again on the same port.
/// They lie below Linux's ephemeral range (32768 and up): from that range the kernel could hand the port of a stopped server
/// to a client that keeps reconnecting to it, which would then be connected to itself, and the restart would find its port taken.
/// </summary>
internal static class FreePort
{
    private const int First = 15_000;
    private const int Last = 32_000;

    private static readonly HashSet<int> Given = [];
    private static readonly Lock Gate = new();

    public static int Next()
    {
        lock (Gate)
        {
            for (var attempt = 0; attempt < 1_000; attempt++)
            {
                var port = Random.Shared.Next(First, Last);
                if (!Given.Contains(port) && IsFree(port))
                {
                    Given.Add(port);
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"No free loopback port between {First} and {Last}.");
    }

    private static bool IsFree(int port)
    {
        // All addresses: the gateway listens on each of them.
        using var probe = TcpListener.Create(port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
