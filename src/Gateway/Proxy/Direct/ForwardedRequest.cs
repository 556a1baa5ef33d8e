using FathomGateway.Backend;
using FathomGateway.Backend.Http1;
using FathomGateway.Limits;
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
/// <param name="Options">Which fields are dropped or changed.</param>
internal readonly record struct ForwardedRequest(
    string Target, BodyFraming Framing, bool HasBody, bool IsUpgrade, ProxyOptions Options)
{
    /// <returns>Null where the request cannot be forwarded; an error response is set.</returns>
    public static ForwardedRequest? Create(HttpContext context, ProxyOptions options)
    {
        if (!RequestFraming.IsForwardable(context)) return null;
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (RequestTarget.Forwarded(context.Request.Method, raw) is not { } target)
        {
            ProxyErrorResponse.Refuse(context, StatusCodes.Status400BadRequest, "request-target");
            return null;
        }

        var framing = RequestFraming.Of(context);
        var hasBody = framing == BodyFraming.Chunked || (framing == BodyFraming.Length && context.Request.ContentLength > 0);
        return new ForwardedRequest(target, framing, hasBody, UpgradeRequest.IsForwarded(context), options);
    }

    /// <returns>False where a field has a name or a value that HTTP/1.1 cannot carry: see <see cref="FieldSyntax"/>.</returns>
    public bool TryWriteHead(HttpContext context, BackendAddress backend, OutputBuffer output)
    {
        var request = context.Request;
        var isHttp2 = !IsHttp1(request.Protocol);
        output.Write(request.Method);
        output.Write(" "u8);
        if (Target != RequestTarget.Asterisk) output.Write(backend.BasePath);
        output.Write(Target);
        output.Write(" HTTP/1.1\r\nHost: "u8);
        output.Write(Options.HostFromClient && request.Host.HasValue ? request.Host.Value : backend.Authority);
        output.Write("\r\n"u8);
        foreach (var (name, values) in request.Headers)
        {
            if (HopByHopHeaders.IsOfRequest(name, isHttp2)) continue;
            if (!FieldSyntax.IsName(name)) return false;
            if (IsDropped(name, isHttp2)) continue;
            var isCookie = isHttp2 && values.Count > 1 && name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase);
            // HTTP/2 may split cookies over several fields; HTTP/1.1 has one field (RFC 9113, section 8.2.3).
            if (!TryWriteField(name, isCookie ? string.Join("; ", (IEnumerable<string?>)values) : values, output)) return false;
        }

        if (Options.AppendForwardedFor && ForwardedFor.Value(context) is { } peers && !TryWriteField(ForwardedFor.Name, peers, output))
        {
            return false;
        }

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
    /// Over HTTP/1.1 the server renames a <c>Content-Length</c> beside chunks to <c>X-Content-Length</c> and ignores it (RFC 9112, section
    /// 6.1).
    /// </summary>
    private bool IsDropped(string name, bool isHttp2) =>
        (!isHttp2 && Framing == BodyFraming.Chunked && name.Equals("X-Content-Length", StringComparison.OrdinalIgnoreCase))
        || (Options.StripEdgeHeaders && EdgeHeaders.Is(name))
        || (Options.AppendForwardedFor && CgiFieldName.AreSame(name, ForwardedFor.Name));

    /// <summary>
    /// Writes the client's trailer section, if there is one. Leaves out fields that HTTP/1.1 cannot carry, those of the connection, the
    /// framing and the target, which no trailer may change (RFC 9110, section 6.5.1), and those that the options drop from the head.
    /// </summary>
    public void WriteTrailers(HttpContext context, OutputBuffer output)
    {
        if (context.Features.Get<IHttpRequestTrailersFeature>() is not { Available: true, Trailers: var trailers }) return;
        var isHttp2 = !IsHttp1(context.Request.Protocol);
        foreach (var (name, values) in trailers)
        {
            if (HopByHopHeaders.IsOfRequest(name, isHttp2: false) || !FieldSyntax.IsName(name) || IsDropped(name, isHttp2)) continue;
            TryWriteField(name, values, output);
        }

        // The server would keep them until the response has ended.
        RequestCompletion.Forget(trailers);
    }

    /// <summary>Writes one line per value. The name must be a token.</summary>
    /// <returns>False at a value that would not stay on its line.</returns>
    private static bool TryWriteField(string name, StringValues values, OutputBuffer output)
    {
        foreach (var value in values)
        {
            if (!FieldSyntax.IsValue(value)) return false;
            output.Write(name);
            output.Write(": "u8);
            output.Write(value);
            output.Write("\r\n"u8);
        }

        return true;
    }
}
