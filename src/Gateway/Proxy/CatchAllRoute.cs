using FathomGateway.Backend;
using FathomGateway.Proxy.Clients;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace FathomGateway.Proxy;

/// <summary>
/// The one route that takes everything to a cluster with one destination, as it comes: there is nothing to match, to balance or to watch then, and
/// the stages that would do it are a cost on every request.
/// </summary>
internal sealed class CatchAllRoute(IProxyStateLookup state)
{
    private Found? _last;

    /// <summary>The connections to the one destination, or null where the configuration has choices to make.</summary>
    /// <remarks>The configuration is read once. What can change is which destinations are healthy.</remarks>
    public BackendPool? Find()
    {
        var last = _last;
        if (last?.Cluster is null || last.Cluster.DestinationsState != last.Destinations) _last = last = Look();
        return last.Pool;
    }

    private Found Look()
    {
        RouteModel? only = null;
        foreach (var route in state.GetRoutes())
        {
            if (only is not null || !TakesEverything(route.Config)) return new Found(null, null, null);
            only = route;
        }

        if (only?.Cluster is not { } cluster) return new Found(null, null, null);
        var destinations = cluster.DestinationsState;
        var isDirect = cluster.Model.HttpClient is BackendClient && destinations.AvailableDestinations.Count == 1
            && !IsWatched(cluster.Model.Config) && ForwarderSelector.IsDirect(cluster.Model.Config.HttpRequest, only.Config.Transforms);
        var pool = isDirect ? ((BackendClient)cluster.Model.HttpClient).Pool(destinations.AvailableDestinations[0].Model.Config.Address) : null;
        return new Found(cluster, destinations, pool);
    }

    /// <summary>Whether something is to be noted about each request or its outcome.</summary>
    private static bool IsWatched(ClusterConfig cluster) => cluster is { SessionAffinity.Enabled: true } or { HealthCheck.Passive.Enabled: true };

    private static bool TakesEverything(RouteConfig route) =>
        route is { MaxRequestBodySize: null or -1 }
            and { AuthorizationPolicy: null, CorsPolicy: null, RateLimiterPolicy: null, OutputCachePolicy: null, TimeoutPolicy: null, Timeout: null }
        && route.Match is { Methods: null, Hosts: null, Headers: null, QueryParameters: null, Path: { } path }
        && path.TrimStart('/') is ['{', '*', '*', .., '}'];

    private sealed record Found(ClusterState? Cluster, ClusterDestinationsState? Destinations, BackendPool? Pool);
}
