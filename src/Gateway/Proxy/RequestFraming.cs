using Microsoft.Net.Http.Headers;

namespace FathomGateway.Proxy;

/// <summary>What has to be settled about a request's body before it is forwarded.</summary>
internal static class RequestFraming
{
    public static Task SettleAsync(HttpContext context, Func<Task> next)
    {
        // The server undoes the chunks and forgets the coding beneath them: sent on, the body would pass for what it is not (RFC 9112, section 6.1).
        if (context.Request.Headers.TryGetValue(HeaderNames.TransferEncoding, out var coding) && !"chunked".Equals(coding, StringComparison.OrdinalIgnoreCase))
        {
            GatewayMade.Refuse(context, StatusCodes.Status501NotImplemented, "transfer-coding");
            // Where the next request begins, others on the way may see differently.
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        }

        return next();
    }
}
