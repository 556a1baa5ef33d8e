using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FathomGateway.Hosting;

/// <summary>
/// Kestrel's sockets, with the accepting moved to the thread pool. When the process has no file descriptor left, Kestrel tries to accept again and again without a pause;
/// with completions inline (see <see cref="SocketCompletions"/>) that would be on the thread that notices which connections have ended, and none would ever be freed.
/// A connection too many is closed before the next one is accepted: a crowd is accepted faster than Kestrel's middleware could refuse it, and takes the last
/// descriptor. A library that the runtime fails to load then stays unusable, however many descriptors there are later.
/// </summary>
internal sealed class OffThreadTransport(SocketTransportFactory sockets, ConnectionCap cap, ListenerPorts ports) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // Kestrel asks with the very object that its options hold; two listeners on port 0 have equal ones.
        var exempt = ReferenceEquals(endpoint, ports.InternalListener?.EndPoint);
        return new Listener(await sockets.BindAsync(endpoint, cancellationToken), connection => cap.Admit(connection, exempt));
    }

    private sealed class Listener(IConnectionListener listener, Func<ConnectionContext, ConnectionContext?> admit) : IConnectionListener
    {
        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                // The first attempt runs where it is called from, the following ones where the context says.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                var connection = await OnThreadPool.Instance.Run(() => listener.AcceptAsync(cancellationToken)).ConfigureAwait(false);
                if (connection is null) return null;
                if (admit(connection) is { } admitted) return admitted;
                await RefuseAsync(connection).ConfigureAwait(false);
            }
        }

        private static async Task RefuseAsync(ConnectionContext connection)
        {
            try
            {
                connection.Abort();
                await connection.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException)
            {
                // It is gone already. Thrown on, it would end the listener.
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => listener.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }

    /// <summary>Whatever is begun within it goes on on the thread pool, and within it.</summary>
    private sealed class OnThreadPool : SynchronizationContext
    {
        public static readonly OnThreadPool Instance = new();

        public T Run<T>(Func<T> begin)
        {
            var former = Current;
            SetSynchronizationContext(this);
            try
            {
                return begin();
            }
            finally
            {
                SetSynchronizationContext(former);
            }
        }

        public override void Post(SendOrPostCallback d, object? state) => ThreadPool.UnsafeQueueUserWorkItem(
            static work => Instance.Run(() =>
            {
                work.Callback(work.State);
                return true;
            }),
            (Callback: d, State: state),
            preferLocal: false);
    }
}
