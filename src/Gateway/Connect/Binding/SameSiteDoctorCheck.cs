using FathomGateway.Fathom;
using FathomGateway.Users;
using FathomGateway.Users.Sources;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Connect.Binding;

/// <summary>
/// Checks for <c>gateway doctor</c> whether frontend and gateway are same-site, and what that means for <c>LINK_BINDING</c>.
/// </summary>
internal sealed class SameSiteDoctorCheck(
    FathomOptions fathom, FrontendOptions frontend, LinkBindingOptions link, JwtOptions jwt) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (app, gateway) = (new Uri(frontend.ReturnUrl), new Uri(fathom.RedirectUri));
        return Task.FromResult(SameSite.Shared(app, gateway) is { } site ? OneSite(app, gateway, site) : TwoSites(app, gateway));
    }

    private HealthCheckResult OneSite(Uri app, Uri gateway, string site)
    {
        var certain = SameSite.IsCertain(app, gateway);
        var found = $"Frontend ({app.Host}) and gateway ({gateway.Host}) are {(certain ? "" : "probably ")}one site "
            + $"({site}{(certain ? "" : ", unless strangers have names below it")})";
        return HealthCheckResult.Healthy(link.Binding switch
        {
            LinkBinding.Cookie => $"{found}: LINK_BINDING=cookie works.",
            LinkBinding.Confirm => $"{found}; LINK_BINDING=confirm works either way.",
            _ => $"{found}. LINK_BINDING=none prevents nothing; =cookie would work here, =confirm works everywhere.",
        });
    }

    private HealthCheckResult TwoSites(Uri app, Uri gateway)
    {
        var found = app.Scheme == gateway.Scheme
            ? $"Frontend ({app.Host}) and gateway ({gateway.Host}) are different sites, so that browsers keep cookies from passing "
                + "between them"
            : $"Frontend ({app.Scheme}) and gateway ({gateway.Scheme}) are different sites to a browser for their schemes alone";
        if (link.Binding != LinkBinding.Cookie && jwt.Sources.FirstOrDefault(source => source.Place == JwtPlace.Cookie) is { } cookie)
        {
            return HealthCheckResult.Degraded(
                $"{found}. {JwtSource.SourceName}={cookie} works where the backend sets that cookie with SameSite=None; Secure; " +
                "a bearer token works everywhere.");
        }

        return link.Binding switch
        {
            LinkBinding.Cookie =>
                HealthCheckResult.Unhealthy(
                    $"{found}: with LINK_BINDING=cookie no user can connect. Set LINK_BINDING=confirm, or give both names below one domain "
                        + "of yours."),
            LinkBinding.Confirm => HealthCheckResult.Healthy($"{found}; LINK_BINDING=confirm works all the same."),
            _ => HealthCheckResult.Healthy($"{found}. LINK_BINDING=none prevents nothing; =confirm works here, =cookie does not."),
        };
    }
}
