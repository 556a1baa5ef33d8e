using System.Net;
using FathomGateway.Proxy.Headers;
using FathomGateway.Proxy.Transforms;
using FathomGateway.Settings;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Internal.Relay;

/// <summary>One try to pass a request on to the provider: the caller's credentials out, the user's access token in.</summary>
/// <param name="onAnswer">Sees each answer's fields.</param>
/// <param name="onUnauthorized">Asked when the provider refuses the token; whether that answer is to be passed on.</param>
internal sealed class RelayTransformer(Uri target, string accessToken, Action<HttpResponseMessage> onAnswer, Func<ValueTask<bool>> onUnauthorized) : HttpTransformer
{
    /// <summary>
    /// Credentials of the caller's, which are this gateway's business, and where the caller lives, which is nobody's.
    /// <c>Expect</c>: the body is here already, or comes as it can; nobody is left to wait for an interim answer.
    /// </summary>
    private static readonly string[] Dropped =
        [HeaderNames.Authorization, "X-Api-Key", HeaderNames.Cookie, HeaderNames.Expect, "Forwarded", "X-Real-IP"];

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = target;
        proxyRequest.Headers.Host = null;
        ExactRequestTransform.RestoreMethod(proxyRequest, httpContext.Request.Method);
        ExactRequestTransform.Strip(proxyRequest.Headers, IsDropped);
        proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.Authorization, $"Bearer {accessToken}");
        // The caller's own name where there is one; firewalls refuse who has none.
        if (!proxyRequest.Headers.Contains(HeaderNames.UserAgent)) proxyRequest.Headers.UserAgent.Add(ProductInfo.UserAgent);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null) onAnswer(proxyResponse);
        if (proxyResponse?.StatusCode == HttpStatusCode.Unauthorized && !await onUnauthorized()) return false;
        var pass = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        // One user's cookie would reach a caller who speaks for many.
        httpContext.Response.Headers.Remove(HeaderNames.SetCookie);
        return pass;
    }

    private static bool IsDropped(string name) =>
        CgiFieldName.StartsWith(name, "X-Forwarded-")
        || EdgeHeaders.Is(name)
        || Array.Exists(Dropped, dropped => CgiFieldName.AreSame(name, dropped));
}
