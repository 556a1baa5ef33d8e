using FathomGateway.Backend.Http1;
using FathomGateway.Proxy.Headers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace FathomGateway.Proxy.Direct;

/// <summary>Copies status, reason phrase and fields of the response as they were received, repeated lines repeated.</summary>
internal static class ForwardedResponse
{
    /// <param name="closes">Whether the response tells the client that its connection ends.</param>
    /// <exception cref="InvalidOperationException">A field holds characters that the server does not write.</exception>
    public static void CopyHead(ResponseHead head, HttpContext context, bool closes)
    {
        var response = context.Response;
        response.StatusCode = head.Status;
        if (!ReferenceEquals(head.Reason, StatusLine.StandardReason(head.Status)) && head.Reason.Length > 0)
        {
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = head.Reason;
        }

        foreach (var (name, value) in head.Fields)
        {
            if (HopByHopHeaders.IsOfResponse(name, head.Status)) continue;
            AddLine(response.Headers, name, value);
        }

        if (MayHaveLength(head))
        {
            response.ContentLength = head.ContentLength;
        }
        else if (head.FramingFor(context.Request.Method) == BodyFraming.Chunked && KeepsChunks(context, head))
        {
            response.Headers.TransferEncoding = head.TransferEncoding;
        }

        if (closes && ForwardedRequest.IsHttp1(context.Request.Protocol)) response.Headers.Connection = "close";
    }

    /// <summary>Copies the trailers for a client of HTTP/2. Leaves out those that it must not get.</summary>
    /// <param name="section">The lines of the section with their line ends.</param>
    public static void CopyTrailers(IReadOnlyCollection<byte> section, HttpContext context)
    {
        if (context.Features.Get<IHttpResponseTrailersFeature>() is not { } feature) return;
        foreach (var (name, value) in TrailerSection.Fields(section))
        {
            if (!HopByHopHeaders.IsOfResponseTrailer(name)) AddLine(feature.Trailers, name, value);
        }
    }

    /// <summary>Adds a line beside others of the same name. <c>Append</c> would drop empty values.</summary>
    private static void AddLine(IHeaderDictionary fields, string name, string value) =>
        fields[name] = fields.TryGetValue(name, out var former) ? StringValues.Concat(former, value) : value;

    /// <summary>
    /// Whether chunks are copied unchanged. The server leaves the framing to code that sets <c>Transfer-Encoding</c>. Only HTTP/1.1 has
    /// chunks.
    /// </summary>
    public static bool KeepsChunks(HttpContext context, ResponseHead head) =>
        head.IsChunked && context.Request.Protocol == HttpProtocol.Http11;

    /// <summary>A 204 has no length (RFC 9110, section 8.6), and a 205 no length except 0 (section 15.3.6).</summary>
    private static bool MayHaveLength(ResponseHead head) =>
        head.ContentLength >= 0 && head.Status is not (>= 100 and < 200 or StatusCodes.Status204NoContent)
        && (head.ContentLength == 0 || head.Status != StatusCodes.Status205ResetContent);
}
