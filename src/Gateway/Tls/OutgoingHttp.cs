using System.Net;
using System.Net.Sockets;
using FathomGateway.Tcp;

namespace FathomGateway.Tls;

/// <summary>
/// Creates the handler for all HTTP calls that the gateway makes itself: to the provider, key sets, the backend's user route and event
/// receivers.
/// </summary>
internal static class OutgoingHttp
{
    /// <summary>A connection is replaced after this time, to follow a server that moves while its old address still answers.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The handler verifies certificates, follows no redirect (one could carry a secret to another host), keeps no cookies, does not
    /// decompress, and adds no trace headers. An address that does not answer, such as an IPv6 address in a network without a route for it,
    /// does not keep it from the others of the name. The caller sets the limits.
    /// </summary>
    /// <param name="useProxy">Whether the variables <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>ALL_PROXY</c> apply. They are for
    /// servers on the Internet, and not for the backend.</param>
    public static SocketsHttpHandler CreateHandler(bool useProxy) => new()
    {
        UseProxy = useProxy,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        SslOptions = OutgoingTls.Options,
        ConnectCallback = ConnectAsync,
        PooledConnectionLifetime = ConnectionLifetime,
    };

    /// <summary>Opens a TCP connection: tries all addresses of the name.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel) =>
        new NetworkStream(await TcpConnector.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel), ownsSocket: true);
}
