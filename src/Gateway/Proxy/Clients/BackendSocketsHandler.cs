using System.Net;
using System.Text;
using FathomGateway.Tcp;

namespace FathomGateway.Proxy.Clients;

/// <summary>
/// Configures .NET's HTTP client, which speaks HTTP/2 to the backend, so that it changes nothing in requests and responses.
/// </summary>
internal static class BackendSocketsHandler
{
    /// <summary>Bytes of an HTTP/2 response that may wait for their reader.</summary>
    private const int StreamWindow = 64 * 1024;

    /// <summary>After this time a new connection resolves the backend's name again.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Shorter than Node's idle timeout (5 s). A request that meets the backend's close would be a 502, because it must not be sent twice.
    /// </summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Time after which the handler sends a body without a 100 of the backend; by default a second. The client must get the backend's 100,
    /// so this is much longer than clients wait for one (curl: one second).
    /// </summary>
    private static readonly TimeSpan ContinueTimeout = TimeSpan.FromSeconds(100);

    /// <summary>Kilobytes of a response's header fields. Node accepts and sends far fewer, so no backend meets this limit.</summary>
    private const int MaxHeadersKilobytes = 1024;

    public static void Configure(SocketsHttpHandler handler)
    {
        handler.UseProxy = false;
        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.UseCookies = false;
        // The gateway adds no traceparent or baggage field.
        handler.ActivityHeadersPropagator = null;
        handler.EnableMultipleHttp2Connections = true;
        var tls = handler.SslOptions;
        handler.ConnectCallback = (context, cancel) => BackendConnectCallback.ConnectAsync(context, tls, cancel);
        // Gateway.csproj disables the growth of the window to 16 MB, so an unread stream holds at most this much.
        handler.InitialHttp2StreamWindowSize = StreamWindow;
        ConfigureMessages(handler);
    }

    /// <summary>The part that concerns messages and limits, for a handler of <see cref="Tls.OutgoingHttp"/>.</summary>
    public static void ConfigureMessages(SocketsHttpHandler handler)
    {
        handler.ConnectTimeout = TcpConnector.ConnectTimeout;
        handler.PooledConnectionLifetime = ConnectionLifetime;
        handler.PooledConnectionIdleTimeout = IdleTimeout;
#pragma warning disable CA2262 // Kilobytes are meant.
        handler.MaxResponseHeadersLength = MaxHeadersKilobytes;
#pragma warning restore CA2262
        // Each byte maps to one character, so that field values pass unchanged in any encoding.
        handler.RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1;
        handler.ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1;
        handler.PlaintextStreamFilter = SendOnce;
        handler.Expect100ContinueTimeout = ContinueTimeout;
    }

    /// <summary>
    /// Needed for HTTP/1.1 only. HTTP/2 reports which requests it has not processed (RFC 9113, section 8.7). The connection to a proxy
    /// below a tunnel carries TLS, and the stream above it is the one to wrap.
    /// </summary>
    private static ValueTask<Stream> SendOnce(SocketsHttpPlaintextStreamFilterContext connection, CancellationToken cancel) => new(
        connection.NegotiatedHttpVersion.Major > 1 || connection.InitialRequestMessage.Method == HttpMethod.Connect
            ? connection.PlaintextStream
            : new SendOnceStream(connection.PlaintextStream));
}
