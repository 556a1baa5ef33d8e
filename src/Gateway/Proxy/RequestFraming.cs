using Microsoft.Net.Http.Headers;

namespace FathomGateway.Proxy;

/// <summary>What has to be settled about a request's body before it is forwarded.</summary>
internal static class RequestFraming
{
    /// <summary>False where the request cannot be forwarded; it is answered then.</summary>
    public static bool IsForwardable(HttpContext context)
    {
        // The server undoes the chunks and forgets the coding beneath them: sent on, the body would pass for what it is not (RFC 9112, section 6.1).
        if (context.Request.Headers.TryGetValue(HeaderNames.TransferEncoding, out var coding) && !"chunked".Equals(coding, StringComparison.OrdinalIgnoreCase))
        {
            GatewayMade.Refuse(context, StatusCodes.Status501NotImplemented, "transfer-coding");
            // Where the next request begins, others on the way may see differently.
            context.Response.Headers.Connection = "close";
            return false;
        }

        return true;
    }
}
