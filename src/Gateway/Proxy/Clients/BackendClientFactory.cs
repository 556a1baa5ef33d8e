using System.Security.Authentication;
using FathomGateway.Backend;
using FathomGateway.Backend.Messages;
using FathomGateway.Proxy.Loops;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy.Clients;

/// <summary>
/// Makes a cluster's client: connections of HTTP/1.1 of our own, and .NET's client for HTTP/2. A cluster with a <c>WebProxy</c> has the latter alone.
/// </summary>
internal sealed class BackendClientFactory(TimeProvider time, LoopDetection loops) : IForwarderHttpClientFactory
{
    private readonly SocketsClientFactory _sockets = new();

    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context)
    {
        if (context.OldClient is BackendClient old && context.NewConfig == context.OldConfig) return old;
        var config = context.NewConfig;
        var sockets = _sockets.CreateClient(new ForwarderHttpClientContext { ClusterId = context.ClusterId, NewConfig = config, NewMetadata = context.NewMetadata });
        if (config.WebProxy is not null) return sockets;
        BackendPools Pools() => new(time, inline: true)
        {
            Protocols = config.SslProtocols ?? SslProtocols.None,
            AcceptsAnyCertificate = config.DangerousAcceptAnyServerCertificate == true,
            OnConnected = loops.Register,
        };
        return new BackendClient(new VersionHandler(new Http11Handler(Pools()), sockets), Pools());
    }

    /// <summary>.NET's client by what <c>yarp.json</c> says, then by <see cref="BackendSocketsHandler"/>, and around it <see cref="UnbufferedRequestHandler"/>.</summary>
    private sealed class SocketsClientFactory : ForwarderHttpClientFactory
    {
        protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
        {
            base.ConfigureHandler(context, handler);
            BackendSocketsHandler.Configure(handler);
        }

        protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
            new UnbufferedRequestHandler { InnerHandler = base.WrapHandler(context, handler) };
    }

    /// <summary>Sends a message by the version of HTTP that it names.</summary>
    private sealed class VersionHandler(Http11Handler http11, HttpMessageInvoker http2) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _http11 = new(http11);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            (request.Version.Major == 1 ? _http11 : http2).SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _http11.Dispose();
                http2.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
