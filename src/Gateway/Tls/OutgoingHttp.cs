using System.Net;

namespace FathomGateway.Tls;

/// <summary>What holds for every HTTP call on the gateway's own account: to the provider, key sets, the backend's routes, receivers.</summary>
internal static class OutgoingHttp
{
    /// <summary>
    /// A handler that verifies certificates, follows no redirect, which could carry a secret to another host, keeps no cookies, takes bodies as
    /// they come, and adds no trace of ours. Its limits are the caller's to set.
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
