using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace FathomGateway.Hosting;

/// <summary>
/// Kestrel's sockets, with the accepting moved to the thread pool. When the process has no file descriptor left, Kestrel tries to accept again and again without a pause;
/// with completions inline (see <see cref="SocketCompletions"/>) that would be on the thread that notices which connections have ended, and none would ever be freed.
/// </summary>
internal sealed class OffThreadTransport(SocketTransportFactory sockets) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await sockets.BindAsync(endpoint, cancellationToken));

    private sealed class Listener(IConnectionListener listener) : IConnectionListener
    {
        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            // The first attempt runs where it is called from, the following ones where the context says.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return await OnThreadPool.Instance.Run(() => listener.AcceptAsync(cancellationToken)).ConfigureAwait(false);
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
