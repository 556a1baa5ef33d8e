using FathomGateway.Backend;
using FathomGateway.Backend.Messages;
using FathomGateway.Limits.Connections;
using FathomGateway.Settings;

namespace FathomGateway.Proxy.Loops;

/// <summary>Refuses requests that the gateway has sent itself: with 508 (RFC 5842, section 7.2), before they go round again.</summary>
internal sealed class LoopGuard(LoopDetection detection, LoopProbe probe)
{
    /// <summary>Makes the probe, which asks the backend as requests are forwarded to it.</summary>
    public static LoopProbe CreateProbe(IServiceProvider services)
    {
        var options = services.GetRequiredService<ProxyOptions>();
        var time = services.GetRequiredService<TimeProvider>();
        var address = options.BackendUrl?.AbsoluteUri ?? ProxyOptions.FromFile(services.GetRequiredService<SettingsReader>());
        var client = new HttpMessageInvoker(new Http11Handler(new BackendPools(time, inline: false)));
        return new LoopProbe(time, options.HostFromClient, SendAsync, services.GetRequiredService<ILogger<LoopProbe>>());

        async Task SendAsync(string number, CancellationToken cancel)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var backend)) return;
            using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(backend, LoopProbe.Path));
            request.Headers.TryAddWithoutValidation(LoopProbe.FieldName, number);
            request.Headers.UserAgent.Add(ProductInfo.UserAgent);
            using var response = await client.SendAsync(request, cancel);
        }
    }

    /// <returns>Whether the request has come round; it is answered then.</returns>
    public bool Refuses(HttpContext context)
    {
        if (!probe.IsLoop(context) && !IsOwn(context)) return false;
        ProxyErrorResponse.Refuse(context, StatusCodes.Status508LoopDetected, "loop");
        return true;
    }

    /// <summary>A request is forwarded from now on. To be followed by one <see cref="End"/>.</summary>
    public void Begin() => probe.Begin();

    public void End() => probe.End();

    /// <summary>The answer is the same for each request of a connection: its other end does not change.</summary>
    private bool IsOwn(HttpContext context)
    {
        if (ClientConnection.Of(context) is not { } client) return detection.IsOwn(context.Connection);
        return client.IsOwn ??= detection.IsOwn(context.Connection);
    }
}
