using System.Net;
using System.Net.Sockets;
using FathomGateway.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FathomGateway.Hosting.Listening;

/// <summary>The operating system does not allow the gateway to listen at the configured address. The message names the setting.</summary>
/// <remarks>
/// It is an <see cref="IOException"/>, because after any other exception Kestrel would retry without IPv6, which is right only on machines
/// without IPv6.
/// </remarks>
internal sealed class ListenException(SettingFault fault, SettingsReader settings, Exception cause)
    : IOException(new SettingsException([fault], settings).Message, cause)
{
    /// <summary>Replaces Kestrel's messages, which name the address at most.</summary>
    public static void Explain(SocketTransportOptions sockets, SettingsReader settings, IReadOnlyList<ListenerAddress> listeners)
    {
        var listen = sockets.CreateBoundListenSocket;
        sockets.CreateBoundListenSocket = endpoint =>
        {
            try
            {
                return listen(endpoint);
            }
            catch (SocketException failure)
            {
                if (endpoint is not IPEndPoint at || FaultOf(failure.SocketErrorCode, at, Find(listeners, at)) is not { } fault) throw;
                throw new ListenException(fault, settings, failure);
            }
        };
    }

    /// <summary>Null where another attempt may succeed, or where the system's message is the best explanation.</summary>
    public static SettingFault? FaultOf(SocketError error, IPEndPoint at, ListenerAddress? listener) => (error, listener) switch
    {
        (_, null) => null,
        (SocketError.AddressAlreadyInUse, _) => new(
            listener.PortName, $"is taken: something else listens on port {at.Port}. Choose another port, or end whatever has it."),
        (SocketError.AccessDenied, _) => new(
            listener.PortName,
            $"asks for port {at.Port}, which this process may not have: choose one from 1024 on, or grant it CAP_NET_BIND_SERVICE."),
        (SocketError.AddressNotAvailable, { IsAnyAddress: false }) => new(
            listener.HostName, "is no address of this machine: write one of its own, or * for all of them."),
        // These may be over at the next start.
        (SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable, _) => null,
        (_, { IsAnyAddress: false }) => new(
            listener.HostName, $"cannot be listened on ({error}): write an address of this machine, or * for all of them."),
        _ => null,
    };

    private static ListenerAddress? Find(IReadOnlyList<ListenerAddress> listeners, IPEndPoint at) =>
        listeners.FirstOrDefault(one => one.Port == at.Port && (one.IsAnyAddress || one.Address!.Equals(at.Address)));
}
