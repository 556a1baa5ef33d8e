using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Settings;

/// <summary>
/// Health checks that only <c>gateway doctor</c> runs, too slow or too curious for a load balancer's probe; and those that only the probe
/// runs.
/// </summary>
/// <remarks>
/// Of their results, Degraded is worth a look and Unhealthy needs mending; descriptions are shown to the operator and name the remedy.
/// </remarks>
internal static class DoctorChecks
{
    private const string DoctorTag = "doctor";
    private const string ProbeTag = "probe";

    public static IHealthChecksBuilder AddDoctorCheck<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCheck>(
        this IHealthChecksBuilder checks, string name)
        where TCheck : class, IHealthCheck => checks.AddCheck<TCheck>(name, tags: [DoctorTag]);

    /// <summary>A check of what this process holds, of which the doctor, a process of its own, can tell nothing.</summary>
    public static IHealthChecksBuilder AddProbeCheck<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCheck>(
        this IHealthChecksBuilder checks, string name)
        where TCheck : class, IHealthCheck => checks.AddCheck<TCheck>(name, tags: [ProbeTag]);

    /// <summary>Whether a probe leaves this check out.</summary>
    public static bool IsForDoctorOnly(HealthCheckRegistration check) => check.Tags.Contains(DoctorTag);

    /// <summary>Whether the doctor leaves this check out.</summary>
    public static bool IsForProbeOnly(HealthCheckRegistration check) => check.Tags.Contains(ProbeTag);
}
