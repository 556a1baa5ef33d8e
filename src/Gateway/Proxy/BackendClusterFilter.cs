using System.Net;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy;

/// <summary>Completes what <c>yarp.json</c> leaves open: the backend's address from <c>BACKEND_URL</c>, and no limit that the backend does not have.</summary>
internal sealed class BackendClusterFilter(ProxyOptions options) : IProxyConfigFilter
{
    /// <summary>Id of the cluster that stands for the existing backend.</summary>
    public const string Id = "backend";

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
    {
        var request = cluster.HttpRequest ?? ForwarderRequestConfig.Empty;
        cluster = cluster with
        {
            // An idle WebSocket or a slow answer is ended by the client or the backend, never by the gateway.
            HttpRequest = request with
            {
                ActivityTimeout = request.ActivityTimeout ?? Timeout.InfiniteTimeSpan,
                // As nginx, HAProxy and Node do; HTTP/2 is there for whoever asks for it.
                Version = request.Version ?? HttpVersion.Version11,
            },
        };
        if (options.BackendUrl is not null && cluster.ClusterId == Id)
        {
            cluster = cluster with { Destinations = new Dictionary<string, DestinationConfig> { [Id] = new() { Address = options.BackendUrl.AbsoluteUri } } };
        }

        return new ValueTask<ClusterConfig>(cluster);
    }

    /// <summary>-1 lifts the server's limit on bodies (30 MB), which the backend does not have.</summary>
    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) =>
        new(route with { MaxRequestBodySize = route.MaxRequestBodySize ?? -1 });
}
