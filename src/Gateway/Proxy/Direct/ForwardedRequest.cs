using System.Buffers;
using FathomGateway.Backend;
using FathomGateway.Backend.Http1;
using FathomGateway.Proxy.Headers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Proxy.Direct;

/// <summary>
/// Writes a request's head as it was received: same target, method and fields, repeated lines repeated, no field added. A request that the
/// backend could parse differently is refused.
/// </summary>
/// <param name="Target">Request target in origin or asterisk form.</param>
/// <param name="Framing">How the body is framed.</param>
/// <param name="HasBody">Whether a body follows. A length of 0 counts as none.</param>
/// <param name="IsUpgrade">Whether the request asks for an upgrade that the gateway forwards.</param>
internal readonly record struct ForwardedRequest(string Target, BodyFraming Framing, bool HasBody, bool IsUpgrade)
{
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\r\n\0");

    /// <returns>Null where the request cannot be forwarded; an error response is set.</returns>
    public static ForwardedRequest? Create(HttpContext context)
    {
        if (!RequestFraming.IsForwardable(context)) return null;
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var target = raw == RequestTarget.Asterisk && context.Request.Method == HttpMethods.Options ? raw : RequestTarget.OriginForm(raw);
        if (target is null)
        {
            ProxyErrorResponse.Refuse(context, StatusCodes.Status400BadRequest, "request-target");
            return null;
        }

        var framing = RequestFraming.Of(context);
        var hasBody = framing == BodyFraming.Chunked || (framing == BodyFraming.Length && context.Request.ContentLength > 0);
        return new ForwardedRequest(target, framing, hasBody, UpgradeRequest.IsForwarded(context));
    }

    /// <returns>False where a field holds a line break, which HTTP/2 can carry and HTTP/1.1 cannot (RFC 9113, section 8.2.1).</returns>
    public bool TryWriteHead(HttpContext context, BackendAddress backend, ProxyOptions options, OutputBuffer output)
    {
        var request = context.Request;
        var isHttp2 = !IsHttp1(request.Protocol);
        output.Write(request.Method);
        output.Write(" "u8);
        if (Target != RequestTarget.Asterisk) output.Write(backend.BasePath);
        output.Write(Target);
        output.Write(" HTTP/1.1\r\nHost: "u8);
        output.Write(options.HostFromClient && request.Host.HasValue ? request.Host.Value : backend.Authority);
        output.Write("\r\n"u8);
        foreach (var (name, values) in request.Headers)
        {
            if (HopByHopHeaders.IsOfRequest(name, isHttp2) || IsDropped(name, options)) continue;
            var isCookie = isHttp2 && values.Count > 1 && name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase);
            // HTTP/2 may split cookies over several fields; HTTP/1.1 has one field (RFC 9113, section 8.2.3).
            if (!TryWriteField(name, isCookie ? string.Join("; ", (IEnumerable<string?>)values) : values, output)) return false;
        }

        if (options.AppendForwardedFor) ForwardedFor.Write(context, output);
        if (IsUpgrade) UpgradeRequest.Write(request, output);
        RequestFraming.Write(Framing, request.ContentLength, output);
        output.Write("\r\n"u8);
        return true;
    }

    /// <summary>Whether the client waits for a 100 before it sends the body (RFC 9110, section 10.1.1).</summary>
    public static bool IsExpectation(HttpContext context) => context.Request.Protocol != HttpProtocol.Http10
        && context.Request.Headers.Expect.ToString().Equals("100-continue", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for HTTP/1.0 and HTTP/1.1, which share one message format.</summary>
    public static bool IsHttp1(string protocol) => protocol.StartsWith("HTTP/1", StringComparison.Ordinal);

    /// <summary>
    /// The server renames a <c>Content-Length</c> beside chunks to <c>X-Content-Length</c> and ignores it (RFC 9112, section 6.1).
    /// </summary>
    private bool IsDropped(string name, ProxyOptions options) =>
        (Framing == BodyFraming.Chunked && name.Equals("X-Content-Length", StringComparison.OrdinalIgnoreCase))
        || (options.StripEdgeHeaders && EdgeHeaders.Is(name))
        || (options.AppendForwardedFor && CgiFieldName.AreSame(name, ForwardedFor.Name));

    /// <summary>Writes the client's trailer section, if there is one.</summary>
    public static void WriteTrailers(HttpContext context, OutputBuffer output)
    {
        if (context.Features.Get<IHttpRequestTrailersFeature>() is not { Available: true, Trailers: var trailers }) return;
        foreach (var (name, values) in trailers) TryWriteField(name, values, output);
    }

    /// <summary>Writes one line per value.</summary>
    public static bool TryWriteField(string name, StringValues values, OutputBuffer output)
    {
        foreach (var value in values)
        {
            if (value.AsSpan().ContainsAny(LineBreaks)) return false;
            output.Write(name);
            output.Write(": "u8);
            output.Write(value);
            output.Write("\r\n"u8);
        }

        return true;
    }
}
