using FathomGateway.Backend;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace FathomGateway.Proxy;

/// <summary>
/// The one route that takes everything to a cluster with one destination, as it comes: there is nothing to match, to balance or to watch then, and
/// the stages that would do it are a cost on every request.
/// </summary>
internal sealed class SingleRoute(IProxyStateLookup state)
{
    /// <summary>The connections to the one destination, or null where the configuration has choices to make (now: it may be reloaded).</summary>
    public BackendPool? Find()
    {
        RouteModel? only = null;
        foreach (var route in state.GetRoutes())
        {
            if (only is not null || !TakesEverything(route.Config)) return null;
            only = route;
        }

        return only?.Cluster is { DestinationsState.AvailableDestinations: [var destination], Model: { Config: var config, HttpClient: BackendClient client } }
            && !IsWatched(config) && ForwarderChoice.IsDirect(config.HttpRequest, only.Config.Transforms)
            ? client.Pool(destination.Model.Config.Address)
            : null;
    }

    /// <summary>Whether something is to be noted about each request or its outcome.</summary>
    private static bool IsWatched(ClusterConfig cluster) => cluster is { SessionAffinity.Enabled: true } or { HealthCheck.Passive.Enabled: true };

    private static bool TakesEverything(RouteConfig route) =>
        route is { MaxRequestBodySize: null or -1 }
            and { AuthorizationPolicy: null, CorsPolicy: null, RateLimiterPolicy: null, OutputCachePolicy: null, TimeoutPolicy: null, Timeout: null }
        && route.Match is { Methods: null, Hosts: null, Headers: null, QueryParameters: null, Path: { } path }
        && path.TrimStart('/') is ['{', '*', '*', .., '}'];
}
