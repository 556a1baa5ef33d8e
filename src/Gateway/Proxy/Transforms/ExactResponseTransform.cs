using FathomGateway.Proxy.Headers;
using Yarp.ReverseProxy.Transforms;

namespace FathomGateway.Proxy.Transforms;

/// <summary>
/// Makes the response equal to the received one, and sends its headers without delay. YARP would hold the headers back until the first byte
/// of the body, and an event stream may be silent for minutes.
/// </summary>
internal sealed class ExactResponseTransform : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } received) return default;
        RestoredHeaders.Restore(received.Headers, context.HttpContext.Response.Headers);
        if (MayHaveBody(context.HttpContext, received)) received.Content = new FlushHeadersContent(received.Content, context.HttpContext);
        return default;
    }

    /// <summary>
    /// Data after an upgrade flows both ways and is no body. Over HTTP/2 to the backend an upgrade is a CONNECT (RFC 8441).
    /// </summary>
    private static bool MayHaveBody(HttpContext context, HttpResponseMessage received) =>
        context.Response.StatusCode
            is not (StatusCodes.Status101SwitchingProtocols or StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
        && !HttpMethods.IsHead(context.Request.Method)
        && received.RequestMessage?.Method != HttpMethod.Connect;
}
