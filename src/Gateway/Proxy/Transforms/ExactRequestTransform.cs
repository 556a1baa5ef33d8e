using FathomGateway.Proxy.Headers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Transforms;

namespace FathomGateway.Proxy.Transforms;

/// <summary>Makes the forwarded request equal to the received one: same target, no field added, no field lost that can be kept.</summary>
internal sealed class ExactRequestTransform(ProxyOptions options) : RequestTransform
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var request = context.HttpContext.Request;
        if (RequestTarget.OriginForm(context.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is not { } target)
        {
            ProxyErrorResponse.Refuse(context.HttpContext, StatusCodes.Status400BadRequest, "request-target");
            return default;
        }

        RestoreMethod(context.ProxyRequest, request.Method);
        context.ProxyRequest.RequestUri = new Uri(context.DestinationPrefix.TrimEnd('/') + target, AsWritten);
        // Null selects the backend's own name. Hosts such as Render route by it, and TLS verifies it.
        context.ProxyRequest.Headers.Host = options.HostFromClient ? request.Host.Value : null;

        RestoredHeaders.Restore(request.Headers, context.ProxyRequest.Headers);
        // With both lengths the server uses the chunks and renames Content-Length to X-Content-Length.
        if (request.Headers.ContainsKey(HeaderNames.TransferEncoding)) context.ProxyRequest.Headers.Remove("X-Content-Length");
        if (options.StripEdgeHeaders) Strip(context.ProxyRequest.Headers, EdgeHeaders.Is);
        if (options.AppendForwardedFor) AppendForwardedFor(context);
        return default;
    }

    /// <summary>YARP converts known methods to upper case, but methods are case-sensitive (RFC 9110, section 9.1).</summary>
    internal static void RestoreMethod(HttpRequestMessage message, string asReceived)
    {
        var method = message.Method.Method;
        if (method != asReceived && method.Equals(asReceived, StringComparison.OrdinalIgnoreCase))
        {
            message.Method = new HttpMethod(asReceived);
        }
    }

    /// <summary>Removes the fields that the predicate selects.</summary>
    internal static void Strip(System.Net.Http.Headers.HttpRequestHeaders headers, Func<string, bool> isStripped)
    {
        foreach (var name in headers.NonValidated.Select(field => field.Key).Where(isStripped).ToArray()) headers.Remove(name);
    }

    private static void AppendForwardedFor(RequestTransformContext context)
    {
        Strip(context.ProxyRequest.Headers, static name => CgiFieldName.AreSame(name, ForwardedFor.Name));
        if (ForwardedFor.Value(context.HttpContext) is { } value)
        {
            context.ProxyRequest.Headers.TryAddWithoutValidation(ForwardedFor.Name, value);
        }
    }
}
