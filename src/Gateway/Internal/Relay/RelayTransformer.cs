using System.Net;
using FathomGateway.Proxy.Headers;
using FathomGateway.Proxy.Transforms;
using FathomGateway.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Internal.Relay;

/// <summary>
/// Transforms one attempt to relay a request to the provider: removes the caller's credentials and adds the user's access token.
/// </summary>
/// <param name="onAnswer">Called with each response.</param>
/// <param name="onUnauthorized">Called when the provider refuses the token. Returns whether to relay that response.</param>
internal sealed class RelayTransformer(
    Uri target, string accessToken, Action<HttpResponseMessage> onAnswer, Func<ValueTask<bool>> onUnauthorized) : HttpTransformer
{
    /// <summary>
    /// The caller's credentials, which are meant for the gateway, and the caller's addresses, which are private. <c>Expect</c> is dropped
    /// because the relay sends the body without waiting for an interim response.
    /// </summary>
    private static readonly string[] Dropped =
        [HeaderNames.Authorization, "X-Api-Key", HeaderNames.Cookie, HeaderNames.Expect, "Forwarded", "X-Real-IP"];

    /// <summary>
    /// Whether the response was ended before the forwarder has ended. After that, the rest of the caller's body changes nothing.
    /// </summary>
    public bool HasEndedResponse { get; private set; }

    /// <summary>
    /// Whether the request was aborted before the forwarder has reported an error. It reports one before it aborts a request itself.
    /// </summary>
    public bool HasCallerLeftFirst { get; private set; }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = target;
        proxyRequest.Headers.Host = null;
        ExactRequestTransform.RestoreMethod(proxyRequest, httpContext.Request.Method);
        ExactRequestTransform.Strip(proxyRequest.Headers, IsDropped);
        proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.Authorization, $"Bearer {accessToken}");
        // Keep the caller's User-Agent. Without one, firewalls refuse the request.
        if (!proxyRequest.Headers.Contains(HeaderNames.UserAgent)) proxyRequest.Headers.UserAgent.Add(ProductInfo.UserAgent);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null) onAnswer(proxyResponse);
        // Callbacks run in the reverse order, so this one runs before those that end the forwarder.
        httpContext.RequestAborted.Register(() => HasCallerLeftFirst |= httpContext.GetForwarderErrorFeature() is null);
        if (proxyResponse?.StatusCode == HttpStatusCode.Unauthorized && !await onUnauthorized()) return false;
        var pass = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        // One user's cookie would reach a caller that serves many users.
        httpContext.Response.Headers.Remove(HeaderNames.SetCookie);
        return pass;
    }

    /// <summary>
    /// Ends the response. Otherwise it would end only when the caller's body does, which the forwarder waits for even after the API has
    /// answered without it.
    /// </summary>
    public override async ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        await base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
        if (httpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            await httpContext.Response.CompleteAsync();
            HasEndedResponse = true;
        }
    }

    private static bool IsDropped(string name) =>
        CgiFieldName.StartsWith(name, "X-Forwarded-")
        || EdgeHeaders.Is(name)
        || Array.Exists(Dropped, dropped => CgiFieldName.AreSame(name, dropped));
}
