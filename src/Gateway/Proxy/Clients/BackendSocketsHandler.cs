using System.Net;
using System.Text;
using FathomGateway.Backend;

namespace FathomGateway.Proxy.Clients;

/// <summary>.NET's HTTP client, which speaks HTTP/2 to the backend, with everything off that would change what passes through.</summary>
internal static class BackendSocketsHandler
{
    /// <summary>Bytes that a response over HTTP/2 may be ahead of its reader.</summary>
    private const int StreamWindow = 64 * 1024;

    /// <summary>So that a change of the backend's address is noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Less than Node keeps an idle connection (5 s): a request that meets the backend's closing of it would be a 502, for it must not be sent twice.</summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Kilobytes of a response's header fields: Node takes and sends far fewer, so this is no limit to a backend.</summary>
    private const int LargestHeaders = 1024;

    public static void Configure(SocketsHttpHandler handler)
    {
        handler.UseProxy = false;
        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.UseCookies = false;
        handler.EnableMultipleHttp2Connections = true;
        // No traceparent, baggage or the like of ours.
        handler.ActivityHeadersPropagator = null;
        handler.ConnectTimeout = TcpConnector.ConnectTimeout;
        var tls = handler.SslOptions;
        handler.ConnectCallback = (context, cancel) => BackendConnectCallback.ConnectAsync(context, tls, cancel);
        // Gateway.csproj switches off that it grows, to 16 MB: a stream that nobody reads holds this much and no more.
        handler.InitialHttp2StreamWindowSize = StreamWindow;
        handler.PooledConnectionLifetime = ConnectionLifetime;
        handler.PooledConnectionIdleTimeout = IdleTimeout;
#pragma warning disable CA2262 // Kilobytes are meant.
        handler.MaxResponseHeadersLength = LargestHeaders;
#pragma warning restore CA2262
        // One byte is one character both ways, so that field values pass as they are, whatever their encoding.
        handler.RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1;
        handler.ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1;
        handler.PlaintextStreamFilter = SendOnce;
        // A client that waits for 100 waits for the backend's, not for one that is made up after a second.
        handler.Expect100ContinueTimeout = TimeSpan.FromSeconds(100);
    }

    /// <summary>Beneath HTTP/1.1 only: HTTP/2 tells by itself which requests it has not processed (RFC 9113, section 8.7).</summary>
    private static ValueTask<Stream> SendOnce(SocketsHttpPlaintextStreamFilterContext connection, CancellationToken cancel) =>
        new(connection.NegotiatedHttpVersion.Major > 1 ? connection.PlaintextStream : new NoRetryStream(connection.PlaintextStream));
}
