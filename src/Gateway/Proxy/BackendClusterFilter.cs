using System.Net;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy;

/// <summary>
/// Completes the configuration of <c>yarp.json</c>: sets the backend's address from <c>BACKEND_URL</c>, and removes limits that the backend
/// does not have.
/// </summary>
internal sealed class BackendClusterFilter(ProxyOptions options) : IProxyConfigFilter
{
    /// <summary>Id of the cluster of the existing backend.</summary>
    public const string Id = "backend";

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
    {
        var request = cluster.HttpRequest ?? ForwarderRequestConfig.Empty;
        cluster = cluster with
        {
            // The client or the backend ends an idle WebSocket or a slow response. The gateway never does.
            HttpRequest = request with
            {
                ActivityTimeout = request.ActivityTimeout ?? Timeout.InfiniteTimeSpan,
                // The default of nginx, HAProxy and Node. An operator can configure HTTP/2.
                Version = request.Version ?? HttpVersion.Version11,
            },
        };
        if (options.BackendUrl is not null && cluster.ClusterId == Id)
        {
            var destination = new DestinationConfig { Address = options.BackendUrl.AbsoluteUri };
            cluster = cluster with { Destinations = new Dictionary<string, DestinationConfig> { [Id] = destination } };
        }

        return new ValueTask<ClusterConfig>(cluster);
    }

    /// <summary>The value -1 removes the server's limit on bodies (30 MB), which the backend does not have.</summary>
    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) =>
        new(route with { MaxRequestBodySize = route.MaxRequestBodySize ?? -1 });
}
