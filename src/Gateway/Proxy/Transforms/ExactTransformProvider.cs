using Yarp.ReverseProxy.Transforms.Builder;

namespace FathomGateway.Proxy.Transforms;

/// <summary>Puts <see cref="ExactRequestTransform"/> and <see cref="ExactResponseTransform"/> on every route; transforms that <c>yarp.json</c> asks for run before them.</summary>
internal sealed class ExactTransformProvider(ProxyOptions options) : ITransformProvider
{
    public void Apply(TransformBuilderContext context)
    {
        // Otherwise YARP replaces what the client and the edge wrote into X-Forwarded-*.
        context.UseDefaultForwarders = false;
        context.RequestTransforms.Add(new ExactRequestTransform(options));
        context.ResponseTransforms.Add(new ExactResponseTransform());
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }
}
