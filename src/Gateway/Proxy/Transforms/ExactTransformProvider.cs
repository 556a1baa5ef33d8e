using Yarp.ReverseProxy.Transforms.Builder;

namespace FathomGateway.Proxy.Transforms;

/// <summary>
/// Adds <see cref="ExactRequestTransform"/> and <see cref="ExactResponseTransform"/> to every route. Transforms from <c>yarp.json</c> run
/// before them.
/// </summary>
internal sealed class ExactTransformProvider(ProxyOptions options) : ITransformProvider
{
    public void Apply(TransformBuilderContext context)
    {
        // YARP's default would replace the X-Forwarded-* values of the client and the edge.
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
