using System.Net;
using FathomGateway.Backend;
using FathomGateway.Backend.Messages;
using FathomGateway.Proxy.Clients;
using FathomGateway.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Proxy;

/// <summary>
/// Checks for <c>gateway doctor</c> that the backend answers. Reports the version of HTTP, a Cloudflare edge in front of the backend, and
/// the difference of the clocks.
/// </summary>
internal sealed class BackendDoctorCheck(ProxyOptions options, SettingsReader settings, TimeProvider time) : IHealthCheck
{
    /// <summary>A sleeping host needs time to wake up.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if ((options.BackendUrl?.AbsoluteUri ?? ProxyOptions.FromFile(settings)) is not { } text)
        {
            return HealthCheckResult.Unhealthy("No backend is set: set BACKEND_URL.");
        }

        // BACKEND_URL was checked when it was read, an address in yarp.json was not.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return HealthCheckResult.Unhealthy(
                $"The address of cluster {BackendClusterFilter.Id} in yarp.json is not an http or https address: write it in full, such as "
                    + "http://127.0.0.1:3000, or set BACKEND_URL.");
        }

        var address = url.Shown();
        try
        {
            using var http = new HttpClient(Handler()) { Timeout = Limit };
            using var request = new HttpRequestMessage(HttpMethod.Get, url)
            {
                Version = AskedVersion,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            };
            request.Headers.UserAgent.Add(ProductInfo.UserAgent);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var edge = answer.Headers.Contains("CF-Ray") ? ", behind Cloudflare" : "";
            var found = $"{address} answers (status {(int)answer.StatusCode}, HTTP/{answer.Version}){edge}";
            var clock = ClockSkew.Data(answer.Headers.Date, time.GetUtcNow());
            return Remark(answer) is { } remark
                ? HealthCheckResult.Degraded($"{found}: {remark}.", data: clock)
                : HealthCheckResult.Healthy($"{found}.", clock);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            var reason = failure is HttpRequestException { HttpRequestError: var error } ? error.ToString() : "no answer in time";
            var remedy = failure is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
                ? "let it send its whole certificate chain, of an authority that this machine trusts, for the name in BACKEND_URL"
                : "check BACKEND_URL and that the backend runs";
            return HealthCheckResult.Unhealthy($"{address} cannot be reached ({reason}): {remedy}.");
        }
    }

    private IConfigurationSection Cluster => settings.Configuration.GetSection($"ReverseProxy:Clusters:{BackendClusterFilter.Id}");

    /// <summary>The version of HTTP that the gateway forwards requests with.</summary>
    private Version AskedVersion
    {
        get
        {
            var isHttp2 = Version.TryParse($"{Cluster["HttpRequest:Version"]}.0", out var version) && version.Major > 1;
            return isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11;
        }
    }

    /// <summary>Uses the same connect code, version of HTTP and TLS settings as the proxy.</summary>
    private HttpMessageHandler Handler()
    {
        var acceptsAny = ProxyOptions.AcceptsAnyCertificate(settings);
        if (AskedVersion.Major == 1) return new Http11Handler(new BackendPools(time, inline: false) { AcceptsAnyCertificate = acceptsAny });
        var sockets = new SocketsHttpHandler();
        BackendSocketsHandler.Configure(sockets);
#pragma warning disable CA5359 // An operator has asked for it by name: DangerousAcceptAnyServerCertificate.
        if (acceptsAny) sockets.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return sockets;
    }

    private string? Remark(HttpResponseMessage answer)
    {
        if ((int)answer.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            return "an error of the backend or of a proxy in front of it: look at the backend";
        }

        var asked = answer.RequestMessage!.RequestUri!;
        if (answer.Headers.Location is { IsAbsoluteUri: true, Scheme: "https" } location
            && asked.Scheme == Uri.UriSchemeHttp
            && location.Host == asked.Host)
        {
            return $"it redirects every request to https, past the gateway: set BACKEND_URL=https://{location.Authority}";
        }

        // Only where the backend derives the address from the Host it receives. An address from its own configuration stays.
        var isOwn = answer.Headers.Location is { IsAbsoluteUri: true } own
            && own.Authority.Equals(asked.Authority, StringComparison.OrdinalIgnoreCase);
        if (isOwn && !options.HostFromClient)
        {
            return "it redirects to its own address, past the gateway: "
                + $"set {ProxyOptions.BackendHostName}=client, if it takes the name that browsers ask for";
        }

        if (!answer.Headers.Contains("CF-Ray") || options.StripEdgeHeaders) return null;
        return "if this gateway is behind Cloudflare as well, set STRIP_EDGE_HEADERS=true, or the second edge refuses requests";
    }
}
