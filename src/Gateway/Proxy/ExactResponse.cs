using Yarp.ReverseProxy.Transforms;

namespace FathomGateway.Proxy;

/// <summary>Sends the response's head on as soon as it is there. YARP would hold it back until the first byte of the body, and an event stream may be silent for minutes.</summary>
internal sealed class ExactResponse : ResponseTransform
{
    public override async ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is null) return;
        FieldsBetweenNeighbours.Restore(context.ProxyResponse.Headers, context.HttpContext.Response.Headers);
        if (!MayHaveLateBody(context)) return;
        await context.HttpContext.Response.Body.FlushAsync(context.CancellationToken);
    }

    /// <summary>With a known length there is nothing to wait for, without a body nothing to hold back; and gRPC wants a head without a body to end the stream at once.</summary>
    private static bool MayHaveLateBody(ResponseTransformContext context)
    {
        var response = context.HttpContext.Response;
        return response.ContentLength is null
            && response.StatusCode is not (StatusCodes.Status101SwitchingProtocols or StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
            && !HttpMethods.IsHead(context.HttpContext.Request.Method)
            && !HttpMethods.IsConnect(context.HttpContext.Request.Method)
            && response.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true;
    }
}
