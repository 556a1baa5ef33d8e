using System.Collections.Concurrent;
using FathomGateway.Settings;

namespace FathomGateway.Connect.Clients;

/// <summary>Logs, once per network, proxies in front of the gateway that <c>TRUSTED_PROXIES</c> does not name.</summary>
internal sealed partial class UntrustedProxyLog(TrustedProxies proxies, ILogger<UntrustedProxyLog> log)
{
    /// <summary>Largest number of networks to remember; more than the proxies of one installation.</summary>
    private const int MaxNetworks = 16;

    private readonly ConcurrentDictionary<string, bool> _named = [];

    /// <summary>A peer on a private network that sends X-Forwarded-For is a proxy.</summary>
    public Task Check(HttpContext context, RequestDelegate next)
    {
        if (context.Connection.RemoteIpAddress is { } peer && context.Request.Headers.ContainsKey(TrustedProxies.ForwardedFor))
        {
            Note(IPNetworks.Plain(peer));
        }

        return next(context);
    }

    private void Note(System.Net.IPAddress peer)
    {
        if (_named.Count >= MaxNetworks || !IPNetworks.IsPrivate(peer) || proxies.IsTrusted(peer)) return;
        var network = IPNetworks.Of(peer, v4Bits: 24, v6Bits: 64);
        if (_named.TryAdd(network, true)) Unnamed(log, network);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Requests come with X-Forwarded-For from {Network}, which TRUSTED_PROXIES does not "
        + "name. If your proxy is there, add it: until then limits by address and the audit log take all of its users for one.")]
    private static partial void Unnamed(ILogger log, string network);
}
