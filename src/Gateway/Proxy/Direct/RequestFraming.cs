using FathomGateway.Backend.Http1;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Proxy.Direct;

/// <summary>What has to be settled about a request's body before it is forwarded.</summary>
internal static class RequestFraming
{
    /// <summary>False where the request cannot be forwarded; it is answered then.</summary>
    public static bool IsForwardable(HttpContext context)
    {
        if (ConnectMethod.Refuse(context)) return false;

        // The server undoes the chunks and forgets the coding beneath them: sent on, the body would pass for what it is not (RFC 9112, section 6.1).
        var coding = context.Request.Headers.TransferEncoding;
        if (coding.Count > 0 && !"chunked".Equals(coding, StringComparison.OrdinalIgnoreCase))
        {
            ProxyErrorResponse.Refuse(context, StatusCodes.Status501NotImplemented, "transfer-coding");
            // Where the next request begins, others on the way may see differently.
            context.Response.Headers.Connection = "close";
            return false;
        }

        return true;
    }

    public static BodyFraming Of(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.TransferEncoding.Count > 0) return BodyFraming.Chunked;
        if (request.ContentLength is not null) return BodyFraming.Length;
        // HTTP/1.1 has no body without either (RFC 9112, section 6.3); HTTP/2 needs no field for one.
        var hasBody = !ForwardedRequest.IsHttp1(request.Protocol) && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        return hasBody ? BodyFraming.Chunked : BodyFraming.None;
    }

    /// <param name="length">Value of <c>Content-Length</c>.</param>
    public static void Write(BodyFraming framing, long? length, OutputBuffer output)
    {
        if (framing == BodyFraming.Chunked)
        {
            output.Write("Transfer-Encoding: chunked\r\n"u8);
        }
        else if (framing == BodyFraming.Length)
        {
            output.Write("Content-Length: "u8);
            output.Write(length.GetValueOrDefault());
            output.Write("\r\n"u8);
        }
    }
}
