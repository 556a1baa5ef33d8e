using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace FathomGateway.Proxy;

/// <summary>
/// Forwards without a choice to make: where <c>yarp.json</c> has one route that takes everything to a cluster with one destination, as it comes,
/// there is nothing to match, to balance or to watch, and the stages that would do it are a cost on every request.
/// </summary>
internal sealed class StraightForwarder(IProxyStateLookup state, IHttpForwarder forwarder, ILogger<StraightForwarder> log)
{
    /// <summary>The request's way, or null where the configuration has choices to make (now: it may be reloaded).</summary>
    public Way? Find()
    {
        RouteModel? only = null;
        foreach (var route in state.GetRoutes())
        {
            if (only is not null || !TakesEverything(route)) return null;
            only = route;
        }

        if (only?.Cluster is not { DestinationsState.AvailableDestinations: [var destination], Model.Config: var config } cluster || IsWatched(config)) return null;
        return new Way(only, cluster.Model, destination.Model.Config.Address);
    }

    /// <summary>What remains of a route: everything that YARP would have looked up for the request.</summary>
    public sealed record Way(RouteModel Route, ClusterModel Cluster, string Address);

    public async Task ForwardAsync(HttpContext context, Way way)
    {
        if (!RequestFraming.IsForwardable(context)) return;
        var error = await forwarder.SendAsync(context, way.Address, way.Cluster.HttpClient, way.Cluster.Config.HttpRequest ?? ForwarderRequestConfig.Empty, way.Route.Transformer);
        if (error != ForwarderError.None) GatewayMade.MarkFailure(context, log);
    }

    /// <summary>Whether something is to be noted about each request or its outcome.</summary>
    private static bool IsWatched(ClusterConfig cluster) => cluster is { SessionAffinity.Enabled: true } or { HealthCheck.Passive.Enabled: true };

    private static bool TakesEverything(RouteModel route) =>
        route.Config is { MaxRequestBodySize: null or -1 } and { AuthorizationPolicy: null, CorsPolicy: null, RateLimiterPolicy: null, OutputCachePolicy: null, TimeoutPolicy: null, Timeout: null }
        && route.Config.Match is { Methods: null, Hosts: null, Headers: null, QueryParameters: null, Path: { } path }
        && path.TrimStart('/') is ['{', '*', '*', .., '}'];
}
