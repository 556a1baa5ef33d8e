using System.Net;
using FathomGateway.Fathom;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Connect;

/// <summary>Whether frontend and gateway are one site to a browser, which decides which <c>LINK_BINDING</c> can work.</summary>
internal sealed class SiteCheck(FathomOptions fathom, FrontendOptions frontend) : IHealthCheck
{
    /// <summary>Names under which strangers live side by side (from the public suffix list, those that apps of this kind are hosted at): each name below them is a site of its own.</summary>
    private static readonly string[] SharedNames =
    [
        "onrender.com", "vercel.app", "netlify.app", "github.io", "pages.dev", "workers.dev", "herokuapp.com", "fly.dev", "azurewebsites.net",
        "web.app", "firebaseapp.com", "up.railway.app", "co.uk", "com.au", "co.nz", "co.jp", "com.br", "co.in", "co.za",
    ];

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (app, gateway) = (new Uri(frontend.ReturnUrl), new Uri(fathom.RedirectUri));
        return Task.FromResult(HealthCheckResult.Healthy(Text(app, gateway)));
    }

    private static string Text(Uri app, Uri gateway)
    {
        if (app.Scheme == gateway.Scheme && Site(app.Host) is { } site && site == Site(gateway.Host)) return $"Frontend and gateway are one site ({site}): LINK_BINDING=cookie and =confirm both work.";
        return $"Frontend ({app.Host}) and gateway ({gateway.Host}) are different sites, so that browsers keep cookies from passing between them: LINK_BINDING=confirm works, =cookie does not.";
    }

    /// <summary>The registrable domain: one label more than a name that is shared.</summary>
    private static string? Site(string host)
    {
        if (IPAddress.TryParse(host, out _) || !host.Contains('.', StringComparison.Ordinal)) return host;
        var labels = host.ToLowerInvariant().Split('.');
        var shared = SharedNames.FirstOrDefault(name => host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase))?.Split('.').Length ?? 1;
        return labels.Length > shared ? string.Join('.', labels[^(shared + 1)..]) : null;
    }
}
