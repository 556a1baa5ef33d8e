using System.Net;

namespace FathomGateway.Tls;

/// <summary>
/// Creates the handler for all HTTP calls that the gateway makes itself: to the provider, key sets, the backend's user route and event
/// receivers.
/// </summary>
internal static class OutgoingHttp
{
    /// <summary>
    /// The handler verifies certificates, follows no redirect (one could carry a secret to another host), keeps no cookies, does not
    /// decompress, and adds no trace headers. The caller sets the limits.
    /// </summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        SslOptions = OutgoingTls.Options,
    };
}
