using FathomGateway.Backend.Http1;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Proxy.Direct;

/// <summary>Checks and writes the framing of a request's body.</summary>
internal static class RequestFraming
{
    /// <summary>False where the request cannot be forwarded; an error response is set.</summary>
    public static bool IsForwardable(HttpContext context)
    {
        if (ConnectMethod.Refuse(context)) return false;

        // Only HTTP/1.1 has transfer codings. Elsewhere they make a request malformed (RFC 9112, section 6.1; RFC 9113, section 8.2.2).
        var coding = context.Request.Headers.TransferEncoding;
        if (coding.Count > 0 && context.Request.Protocol != HttpProtocol.Http11)
        {
            RefuseCoding(context, StatusCodes.Status400BadRequest);
            return false;
        }

        // The server decodes the chunks and drops the other coding's name. The forwarded body would be mislabelled (RFC 9112, section 6.1).
        if (coding.Count > 0 && !"chunked".Equals(coding, StringComparison.OrdinalIgnoreCase))
        {
            RefuseCoding(context, StatusCodes.Status501NotImplemented);
            return false;
        }

        return true;
    }

    public static BodyFraming Of(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.TransferEncoding.Count > 0) return BodyFraming.Chunked;
        if (request.ContentLength is not null) return BodyFraming.Length;
        // HTTP/1.1 has no body without one of these fields (RFC 9112, section 6.3). HTTP/2 needs no field for a body.
        var hasBody = !ForwardedRequest.IsHttp1(request.Protocol)
            && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
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

    private static void RefuseCoding(HttpContext context, int status)
    {
        ProxyErrorResponse.Refuse(context, status, "transfer-coding");
        // Other hops may disagree on where the next request begins. HTTP/2 frames requests and has no such field.
        if (ForwardedRequest.IsHttp1(context.Request.Protocol)) context.Response.Headers.Connection = "close";
    }
}
