using FathomGateway.Backend;
using FathomGateway.Backend.Messages;
using FathomGateway.Proxy.Clients;
using FathomGateway.Tls;

namespace FathomGateway.Internal.Relay;

/// <summary>Creates the HTTP client that sends relayed requests to the provider's API.</summary>
internal static class RelayClient
{
    /// <summary>
    /// The gateway's own HTTP/1.1 client, which changes nothing. Where <c>HTTPS_PROXY</c> or its kind names a proxy for the API, .NET's
    /// client, which can use one.
    /// </summary>
    public static HttpMessageInvoker Create(Uri api, TimeProvider time)
    {
        // The relay runs on the thread pool, because its other waits may take long.
        if (HttpClient.DefaultProxy.IsBypassed(api)) return new(new Http11Handler(new BackendPools(time, inline: false)));
        var handler = OutgoingHttp.CreateHandler(useProxy: true);
        BackendSocketsHandler.ConfigureMessages(handler);
        return new(new UnbufferedRequestHandler { InnerHandler = handler });
    }
}
