using Yarp.ReverseProxy.Transforms.Builder;

namespace FathomGateway.Proxy;

/// <summary>Puts <see cref="ExactRequest"/> and <see cref="ExactResponse"/> on every route; transforms that <c>yarp.json</c> asks for run before them.</summary>
internal sealed class ExactForwarding(ProxyOptions options) : ITransformProvider
{
    public void Apply(TransformBuilderContext context)
    {
        // Otherwise YARP replaces what the client and the edge wrote into X-Forwarded-*.
        context.UseDefaultForwarders = false;
        context.RequestTransforms.Add(new ExactRequest(options));
        context.ResponseTransforms.Add(new ExactResponse());
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }
}
