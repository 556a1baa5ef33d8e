using System.Net;
using System.Net.Sockets;

namespace FathomGateway.Sandbox.Hosting;

/// <summary>
/// A loopback port kept until its real owner is ready to bind it. The gateway's port must be known before the gateway starts,
/// because the redirect URI names it.
/// </summary>
internal sealed class ReservedPort : IDisposable
{
    private readonly TcpListener _listener;

    private ReservedPort(TcpListener listener) => _listener = listener;

    /// <summary>The port number, 1–65535.</summary>
    public int Number => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Takes <paramref name="port"/>, or a free one for 0. <paramref name="option"/> is the argument that chooses it.</summary>
    public static ReservedPort Take(int port, string option)
    {
        var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
            return new ReservedPort(listener);
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            throw new PortUnavailableException(port, option, exception);
        }
    }

    /// <summary>Releases the port. Another process may then bind it.</summary>
    public void Dispose() => _listener.Dispose();
}
