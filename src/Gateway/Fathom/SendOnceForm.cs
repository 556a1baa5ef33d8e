using System.Net;

namespace FathomGateway.Fathom;

/// <summary>
/// A form with a secret that works once. It knows whether anybody has begun to send it, and lets itself be sent once: an HTTP client may
/// send a request again when a kept-alive connection breaks, and must not do so with this one.
/// </summary>
internal sealed class SendOnceForm(IEnumerable<KeyValuePair<string, string>> fields) : FormUrlEncodedContent(fields)
{
    private int _sends;

    /// <summary>False proves that no byte of the form has left this process: it is asked for its bytes when there is a connection to write them to.</summary>
    public bool WasSent => Volatile.Read(ref _sends) > 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // IOException: what a connection that cannot be written to would say.
        if (Interlocked.Increment(ref _sends) > 1) throw new IOException("A form that works once is not sent twice.");
        return base.SerializeToStreamAsync(stream, context, cancellationToken);
    }
}
