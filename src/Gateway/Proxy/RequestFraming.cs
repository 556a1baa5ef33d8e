using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Proxy;

/// <summary>What has to be settled about a request's body before it is forwarded.</summary>
internal static class RequestFraming
{
    public static Task SettleAsync(HttpContext context, Func<Task> next)
    {
        var request = context.Request;

        // The server undoes the chunks and forgets the coding beneath them: sent on, the body would pass for what it is not (RFC 9112, section 6.1).
        if (request.Headers.TryGetValue(HeaderNames.TransferEncoding, out var coding) && !"chunked".Equals(coding, StringComparison.OrdinalIgnoreCase))
        {
            GatewayMade.Refuse(context, StatusCodes.Status501NotImplemented, "transfer-coding");
            return Task.CompletedTask;
        }

        // The HTTP client sends a request again when its connection closes early, unless the request has a body, be it an empty one.
        // For these methods it would write the same Content-Length: 0 by itself.
        if (request.ContentLength is null && !IsSafeOrDelete(request.Method) && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            request.ContentLength = 0;
        }

        return next();
    }

    private static bool IsSafeOrDelete(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsDelete(method) || HttpMethods.IsConnect(method);
}
