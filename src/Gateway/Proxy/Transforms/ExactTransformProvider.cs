using Yarp.ReverseProxy.Transforms.Builder;

namespace FathomGateway.Proxy.Transforms;

/// <summary>
/// Adds <see cref="ExactRequestTransform"/>, <see cref="ExactResponseTransform"/> and <see cref="ExactTrailersTransform"/> to every route.
/// Transforms from <c>yarp.json</c> run before them.
/// </summary>
internal sealed class ExactTransformProvider(ProxyOptions options) : ITransformProvider
{
    public void Apply(TransformBuilderContext context)
    {
        // YARP's default would replace the X-Forwarded-* values of the client and the edge.
        context.UseDefaultForwarders = false;
        context.RequestTransforms.Add(new ExactRequestTransform(options));
        context.ResponseTransforms.Add(new ExactResponseTransform());
        context.ResponseTrailersTransforms.Add(new ExactTrailersTransform());
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }
}
