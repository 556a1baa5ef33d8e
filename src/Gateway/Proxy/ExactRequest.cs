using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Transforms;

namespace FathomGateway.Proxy;

/// <summary>Makes the forwarded request the one that was received: target to the letter, no field added, none lost that can be kept.</summary>
internal sealed class ExactRequest(ProxyOptions options) : RequestTransform
{
    /// <summary>Fields that belong to the connection between the client and the gateway's own edge.</summary>
    private static readonly string[] EdgeFields = ["CDN-Loop", "True-Client-IP"];

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var request = context.HttpContext.Request;
        if (RequestTarget.OriginForm(context.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is not { } target)
        {
            GatewayMade.Refuse(context.HttpContext, StatusCodes.Status400BadRequest, "request-target");
            return default;
        }

        if (IsRespelled(request.Method))
        {
            GatewayMade.Refuse(context.HttpContext, StatusCodes.Status400BadRequest, "method");
            return default;
        }

        context.ProxyRequest.RequestUri = new Uri(context.DestinationPrefix.TrimEnd('/') + target, AsWritten);
        // The backend's own name: hosts such as Render route by it, and the TLS handshake checks it.
        context.ProxyRequest.Headers.Host = null;

        FieldsBetweenNeighbours.Restore(request.Headers, context.ProxyRequest.Headers);
        // Where a request has both lengths, the server goes by the chunks and renames Content-Length to this.
        if (request.Headers.ContainsKey(HeaderNames.TransferEncoding)) context.ProxyRequest.Headers.Remove("X-Content-Length");
        if (options.StripEdgeHeaders) StripEdgeFields(context.ProxyRequest.Headers);
        if (options.AppendForwardedFor) AppendForwardedFor(context);
        return default;
    }

    /// <summary>Whether the HTTP client would write the method otherwise than it came: <c>get</c> as <c>GET</c>, though methods are case-sensitive (RFC 9110, section 9.1).</summary>
    private static bool IsRespelled(string method) => method.AsSpan().ContainsAnyInRange('a', 'z') && HttpMethod.Parse(method).Method != method;

    private static void StripEdgeFields(System.Net.Http.Headers.HttpRequestHeaders headers)
    {
        foreach (var name in headers.NonValidated.Select(field => field.Key).Where(IsEdgeField).ToArray()) headers.Remove(name);
    }

    private static bool IsEdgeField(string name) =>
        name.StartsWith("CF-", StringComparison.OrdinalIgnoreCase) || EdgeFields.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static void AppendForwardedFor(RequestTransformContext context)
    {
        const string Name = "X-Forwarded-For";
        if (context.HttpContext.Connection.RemoteIpAddress is not { } peer) return;
        if (peer.IsIPv4MappedToIPv6) peer = peer.MapToIPv4();
        var received = context.HttpContext.Request.Headers[Name].ToString();
        context.ProxyRequest.Headers.Remove(Name);
        context.ProxyRequest.Headers.TryAddWithoutValidation(Name, received.Length > 0 ? $"{received}, {peer}" : peer.ToString());
    }
}
