using System.Security.Authentication;
using FathomGateway.Backend;
using FathomGateway.Backend.Messages;
using FathomGateway.Proxy.Loops;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy.Clients;

/// <summary>
/// Creates the client of a cluster: the gateway's own HTTP/1.1 connections, and .NET's client for HTTP/2. A cluster with a <c>WebProxy</c>
/// uses .NET's client only.
/// </summary>
internal sealed class BackendClientFactory(TimeProvider time, LoopDetection loops) : IForwarderHttpClientFactory
{
    private readonly SocketsClientFactory _sockets = new();

    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context)
    {
        if (context.OldClient is BackendClient old && context.NewConfig == context.OldConfig) return old;
        var config = context.NewConfig;
        var sockets = _sockets.CreateClient(new ForwarderHttpClientContext
        {
            ClusterId = context.ClusterId,
            NewConfig = config,
            NewMetadata = context.NewMetadata,
        });
        if (config.WebProxy is not null) return sockets;
        BackendPools Pools() => new(time, inline: true)
        {
            Protocols = config.SslProtocols ?? SslProtocols.None,
            AcceptsAnyCertificate = config.DangerousAcceptAnyServerCertificate == true,
            OnConnected = loops.Register,
        };
        return new BackendClient(new VersionHandler(new Http11Handler(Pools()), sockets), Pools());
    }

    /// <summary>
    /// Configures .NET's client from <c>yarp.json</c>, then by <see cref="BackendSocketsHandler"/>, and wraps it in
    /// <see cref="UnbufferedRequestHandler"/>.
    /// </summary>
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

    /// <summary>Picks the handler by the version of HTTP in the message.</summary>
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
