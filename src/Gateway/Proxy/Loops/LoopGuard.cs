using FathomGateway.Backend;
using FathomGateway.Backend.Messages;
using FathomGateway.Limits.Connections;
using FathomGateway.Settings;

namespace FathomGateway.Proxy.Loops;

/// <summary>Refuses requests that the gateway itself has sent, with 508 (RFC 5842, section 7.2).</summary>
internal sealed class LoopGuard(LoopDetection detection, LoopProbe probe)
{
    /// <summary>
    /// Creates the probe. It sends its request over HTTP/1.1 and accepts the certificates that proxied requests accept.
    /// </summary>
    public static LoopProbe CreateProbe(IServiceProvider services)
    {
        var options = services.GetRequiredService<ProxyOptions>();
        var time = services.GetRequiredService<TimeProvider>();
        var settings = services.GetRequiredService<SettingsReader>();
        var address = options.BackendUrl?.AbsoluteUri ?? ProxyOptions.FromFile(settings);
        var acceptsAny = ProxyOptions.AcceptsAnyCertificate(settings);
        return new LoopProbe(time, options.HostFromClient, SendAsync, services.GetRequiredService<ILogger<LoopProbe>>());

        async Task SendAsync(string number, CancellationToken cancel)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var backend)) return;
            // Probes are rare, so each has a client of its own.
            var pools = new BackendPools(time, inline: false) { AcceptsAnyCertificate = acceptsAny };
            using var client = new HttpMessageInvoker(new Http11Handler(pools));
            using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(backend, LoopProbe.Path));
            request.Headers.TryAddWithoutValidation(LoopProbe.FieldName, number);
            request.Headers.UserAgent.Add(ProductInfo.UserAgent);
            using var response = await client.SendAsync(request, cancel);
        }
    }

    /// <returns>Whether the request is part of a loop; it is then answered.</returns>
    public bool Refuses(HttpContext context)
    {
        if (!probe.IsLoop(context) && !IsOwn(context)) return false;
        ProxyErrorResponse.Refuse(context, StatusCodes.Status508LoopDetected, "loop");
        return true;
    }

    /// <summary>Counts a request that is being forwarded. One <see cref="End"/> must follow.</summary>
    public void Begin() => probe.Begin();

    public void End() => probe.End();

    /// <summary>The result holds for all requests of a connection, because its other end does not change.</summary>
    private bool IsOwn(HttpContext context)
    {
        if (ClientConnection.Of(context) is not { } client) return detection.IsOwn(context.Connection);
        return client.IsOwn ??= detection.IsOwn(context.Connection);
    }
}
