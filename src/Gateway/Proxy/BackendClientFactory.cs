using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy;

/// <summary>The HTTP client that speaks to the backend: what <c>yarp.json</c> says about it, then <see cref="OutgoingHandler"/>, and around it <see cref="PromptUploads"/>.</summary>
internal sealed class BackendClientFactory : ForwarderHttpClientFactory
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        OutgoingHandler.Configure(handler);
        handler.ConnectCallback = BackendSocket.ConnectInlineAsync;
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new PromptUploads { InnerHandler = base.WrapHandler(context, handler) };
}
