using FathomGateway.Proxy.Headers;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;

namespace FathomGateway.Proxy.Transforms;

/// <summary>Removes trailers of a response that <see cref="HopByHopHeaders"/> names. YARP drops some of them only.</summary>
internal sealed class ExactTrailersTransform : ResponseTrailersTransform
{
    public override ValueTask ApplyAsync(ResponseTrailersTransformContext context)
    {
        var trailers = context.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        if (trailers is not { IsReadOnly: false }) return default;
        foreach (var name in trailers.Keys.Where(HopByHopHeaders.IsOfResponseTrailer).ToArray()) trailers.Remove(name);
        return default;
    }
}
