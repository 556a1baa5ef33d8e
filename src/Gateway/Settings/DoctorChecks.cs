using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Settings;

/// <summary>Health checks that only <c>gateway doctor</c> runs: too slow or too curious for a load balancer's probe.</summary>
/// <remarks>Of their results, Degraded is worth a look and Unhealthy needs mending; descriptions are shown to the operator and name the remedy.</remarks>
internal static class DoctorChecks
{
    private const string Tag = "doctor";

    public static IHealthChecksBuilder AddDoctorCheck<TCheck>(this IHealthChecksBuilder checks, string name)
        where TCheck : class, IHealthCheck => checks.AddCheck<TCheck>(name, tags: [Tag]);

    /// <summary>Whether a probe leaves this check out.</summary>
    public static bool IsForDoctorOnly(HealthCheckRegistration check) => check.Tags.Contains(Tag);
}
