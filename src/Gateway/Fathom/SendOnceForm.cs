using System.Net;

namespace FathomGateway.Fathom;

/// <summary>
/// A form with a secret that works once, such as a code. It can be sent only once. An HTTP client may send a request again when a reused
/// connection breaks, and must not do that with this form.
/// </summary>
internal sealed class SendOnceForm(IEnumerable<KeyValuePair<string, string>> fields) : FormUrlEncodedContent(fields)
{
    private int _sends;

    /// <summary>
    /// False proves that no byte has left this process. The HTTP client reads the bytes of the form only when it has a connection.
    /// </summary>
    public bool WasSent => Volatile.Read(ref _sends) > 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // An IOException, as for a connection that cannot be written to.
        if (Interlocked.Increment(ref _sends) > 1) throw new IOException("A form that works once is not sent twice.");
        return base.SerializeToStreamAsync(stream, context, cancellationToken);
    }
}
