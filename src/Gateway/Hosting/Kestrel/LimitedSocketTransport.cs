using System.Net;
using System.Net.Sockets;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// Kestrel's sockets beneath the <see cref="ConnectionBudget"/>. A connection too many is closed before the next one is accepted: a crowd
/// is accepted faster than Kestrel's middleware could refuse it, and takes the last descriptor. A library that the runtime fails to load
/// then stays unusable, however many descriptors there are later. The internal listener is exempt: an operator is to be answered when it
/// matters most.
/// </summary>
internal sealed class LimitedSocketTransport(SocketTransportFactory sockets, ConnectionBudget ledger, LargeBlockMemoryPool pool, ListenerPorts ports)
    : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // Kestrel asks with the very object that its options hold; two listeners on port 0 have equal ones.
        var exempt = ReferenceEquals(endpoint, ports.InternalListener?.EndPoint);
        return new Listener(await sockets.BindAsync(endpoint, cancellationToken), connection => Admit(connection, exempt));
    }

    /// <returns>
    /// The connection, counted until its socket is closed; null where there is no room for it: it is to be closed before the next is
    /// accepted.
    /// </returns>
    internal ConnectionContext? Admit(ConnectionContext connection, bool exempt)
    {
        if (exempt)
        {
            ledger.OpenExempt();
            return new TrackedConnection(connection, null, ledger.ForgetExempt);
        }

        var client = new ClientConnection(connection, ledger);
        if (!ledger.TryOpen(client)) return null;
        connection.Features.Set(client);
        connection.Features.Set<IMemoryPoolFeature>(new ConnectionMemoryPool(pool, client));
        return new TrackedConnection(connection, client, () =>
        {
            client.Close();
            ledger.Forget(client);
        });
    }

    private sealed class Listener(IConnectionListener listener, Func<ConnectionContext, ConnectionContext?> admit) : IConnectionListener
    {
        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await listener.AcceptAsync(cancellationToken) is { } connection)
            {
                if (admit(connection) is { } admitted) return admitted;
                await RefuseAsync(connection);
            }

            return null;
        }

        private static async Task RefuseAsync(ConnectionContext connection)
        {
            try
            {
                connection.Abort();
                await connection.DisposeAsync();
            }
            catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException)
            {
                // It is gone already. Thrown on, it would end the listener.
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
