using System.Net;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Internal;

/// <summary>One try to pass a request on to the provider: the caller's credentials out, the user's access token in.</summary>
/// <param name="onUnauthorized">Asked when the provider refuses the token; whether that answer is to be passed on.</param>
internal sealed class RelayAttempt(Uri target, string accessToken, Func<ValueTask<bool>> onUnauthorized) : HttpTransformer
{
    /// <summary>
    /// Credentials of the caller's, which are this gateway's business, and where the caller lives, which is nobody's.
    /// <c>Expect</c>: the body is here already, or comes as it can; nobody is left to wait for an interim answer.
    /// </summary>
    private static readonly string[] Dropped =
    [
        HeaderNames.Authorization, "X-Api-Key", HeaderNames.Cookie, HeaderNames.Expect,
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-IP",
    ];

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = target;
        proxyRequest.Headers.Host = null;
        foreach (var name in Dropped) proxyRequest.Headers.Remove(name);
        proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.Authorization, $"Bearer {accessToken}");
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse?.StatusCode == HttpStatusCode.Unauthorized && !await onUnauthorized()) return false;
        var pass = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        // One user's cookie would reach a caller who speaks for many.
        httpContext.Response.Headers.Remove(HeaderNames.SetCookie);
        return pass;
    }
}
