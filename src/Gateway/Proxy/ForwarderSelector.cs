using FathomGateway.Proxy.Clients;
using FathomGateway.Proxy.Direct;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace FathomGateway.Proxy;

/// <summary>
/// YARP's extension point for forwarding. <see cref="DirectForwarder"/> handles a request unless it needs YARP's forwarder: for transforms
/// of <c>yarp.json</c>, an activity timeout, HTTP/2 or an HTTP proxy to the backend, or a WebSocket over HTTP/2 (RFC 8441), which becomes
/// one over HTTP/1.1.
/// </summary>
/// <param name="yarp">YARP's own forwarder.</param>
internal sealed class ForwarderSelector(DirectForwarder direct, IHttpForwarder yarp) : IHttpForwarder
{
    public ValueTask<ForwarderError> SendAsync(
        HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig,
        HttpTransformer transformer) =>
        SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, CancellationToken.None);

    public ValueTask<ForwarderError> SendAsync(
        HttpContext context,
        string destinationPrefix,
        HttpMessageInvoker httpClient,
        ForwarderRequestConfig requestConfig,
        HttpTransformer transformer,
        CancellationToken cancellationToken)
    {
        var isDirect = httpClient is BackendClient
            && context.Features.Get<IReverseProxyFeature>() is { } feature
            && feature.Cluster.Config.SessionAffinity is not { Enabled: true }
            && IsDirect(requestConfig, feature.Route.Config.Transforms)
            && !IsExtendedConnect(context);
        return isDirect
            ? direct.ForwardAsync(context, ((BackendClient)httpClient).Pool(destinationPrefix))
            : yarp.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, cancellationToken);
    }

    /// <summary>Whether an HTTP/2 stream asks to become a WebSocket (RFC 8441).</summary>
    public static bool IsExtendedConnect(HttpContext context) =>
        context.Request.Method == HttpMethods.Connect && context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    /// <summary>Whether a route needs no feature of YARP's forwarder.</summary>
    public static bool IsDirect(ForwarderRequestConfig? request, IReadOnlyList<IReadOnlyDictionary<string, string>>? transforms) =>
        transforms is null or { Count: 0 } && request is { Version.Major: 1 } && request.ActivityTimeout == Timeout.InfiniteTimeSpan;
}
