using FathomGateway.Backend;
using FathomGateway.Proxy.Clients;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace FathomGateway.Proxy;

/// <summary>
/// The single route that matches every request and leads to a cluster with one destination. Matching, load balancing and health tracking
/// have nothing to do then, and skipping their stages saves CPU time on every request.
/// </summary>
internal sealed class CatchAllRoute(IProxyStateLookup state)
{
    private Resolution? _last;

    /// <summary>The pool of the single destination; null where the configuration has more routes or destinations.</summary>
    /// <remarks>The configuration is read once. Only the health of destinations can change.</remarks>
    public BackendPool? Find()
    {
        var last = _last;
        if (last is null || last.Cluster?.DestinationsState != last.Destinations) _last = last = Resolve();
        return last.Pool;
    }

    private Resolution Resolve()
    {
        RouteModel? only = null;
        foreach (var route in state.GetRoutes())
        {
            if (only is not null || !IsCatchAll(route.Config)) return new Resolution(null, null, null);
            only = route;
        }

        if (only?.Cluster is not { } cluster) return new Resolution(null, null, null);
        var destinations = cluster.DestinationsState;
        var isDirect = cluster.Model.HttpClient is BackendClient && destinations.AvailableDestinations.Count == 1
            && !IsWatched(cluster.Model.Config) && ForwarderSelector.IsDirect(cluster.Model.Config.HttpRequest, only.Config.Transforms);
        if (!isDirect) return new Resolution(cluster, destinations, null);
        var address = destinations.AvailableDestinations[0].Model.Config.Address;
        return new Resolution(cluster, destinations, ((BackendClient)cluster.Model.HttpClient).Pool(address));
    }

    /// <summary>Whether a stage records something about each request.</summary>
    private static bool IsWatched(ClusterConfig cluster) =>
        cluster is { SessionAffinity.Enabled: true } or { HealthCheck.Passive.Enabled: true };

    private static bool IsCatchAll(RouteConfig route) =>
        route is { MaxRequestBodySize: null or -1 }
            and { AuthorizationPolicy: null, CorsPolicy: null, RateLimiterPolicy: null }
            and { OutputCachePolicy: null, TimeoutPolicy: null, Timeout: null }
        && route.Match is { Methods: null, Hosts: null, Headers: null, QueryParameters: null, Path: { } path }
        && path.TrimStart('/') is ['{', '*', '*', .., '}'];

    /// <param name="Cluster">Null where the configuration has more routes.</param>
    private sealed record Resolution(ClusterState? Cluster, ClusterDestinationsState? Destinations, BackendPool? Pool);
}
