using System.Net;
using System.Net.Sockets;
using FathomGateway.Limits.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FathomGateway.Hosting.Kestrel;

/// <summary>
/// Kestrel's socket transport with the limits of <see cref="ConnectionBudget"/>. A connection over the limit is closed before the next one
/// is accepted. Kestrel's middleware would refuse too late: many connections are accepted faster and would take the last descriptor, and a
/// library that the runtime then fails to load stays unusable. The internal listener is exempt, so that operators get answers under load.
/// </summary>
internal sealed class LimitedSocketTransport(
    SocketTransportFactory sockets, ConnectionBudget budget, LargeBlockMemoryPool pool, ListenerPorts ports)
    : IConnectionListenerFactory
{
    /// <summary>
    /// Waits of one new connection for the memory of closed ones: two seconds together. While a close does not end, each connection waits
    /// as long and is then admitted.
    /// </summary>
    private const int MaxWaits = 200;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(10);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // Kestrel passes the object of its options. Two listeners on port 0 have equal endpoints.
        var exempt = ReferenceEquals(endpoint, ports.InternalListener?.EndPoint);
        return new Listener(
            await sockets.BindAsync(endpoint, cancellationToken),
            exempt ? _ => Task.CompletedTask : WaitForClosingAsync,
            connection => Admit(connection, exempt));
    }

    /// <returns>The connection, counted until its socket is closed; null where there is no room. The caller must then close it.</returns>
    internal ConnectionContext? Admit(ConnectionContext connection, bool exempt)
    {
        if (exempt)
        {
            budget.OpenExempt();
            return new TrackedConnection(connection, null, budget.ForgetExempt);
        }

        var client = new ClientConnection(connection, budget);
        if (!budget.TryOpen(client)) return null;
        connection.Features.Set(client);
        connection.Features.Set<IMemoryPoolFeature>(new ConnectionMemoryPool(pool, client));
        return new TrackedConnection(connection, client, () =>
        {
            client.Close();
            budget.Forget(client);
        });
    }

    private async Task WaitForClosingAsync(CancellationToken cancel)
    {
        for (var waits = 0; waits < MaxWaits && budget.IsClosingMuch && !cancel.IsCancellationRequested; waits++)
        {
            await Task.Delay(Wait, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Listener(
        IConnectionListener listener, Func<CancellationToken, Task> mayAdmit, Func<ConnectionContext, ConnectionContext?> admit)
        : IConnectionListener
    {
        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await listener.AcceptAsync(cancellationToken) is { } connection)
            {
                await mayAdmit(cancellationToken);
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
                // The connection is closed already. An exception would end the listener.
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
