using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Settings.Registration;

/// <summary>
/// Registers health checks for <c>gateway doctor</c> only, which are too slow for a load balancer's probe, and checks for the probe only.
/// </summary>
/// <remarks>Degraded deserves a look and Unhealthy needs a fix. Operators read the descriptions, which include the remedy.</remarks>
internal static class DoctorChecks
{
    private const string DoctorTag = "doctor";
    private const string ProbeTag = "probe";

    public static IHealthChecksBuilder AddDoctorCheck<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCheck>(
        this IHealthChecksBuilder checks, string name)
        where TCheck : class, IHealthCheck => checks.AddCheck<TCheck>(name, tags: [DoctorTag]);

    /// <summary>Registers a check of this process's state, which the doctor's own process cannot see.</summary>
    public static IHealthChecksBuilder AddProbeCheck<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCheck>(
        this IHealthChecksBuilder checks, string name)
        where TCheck : class, IHealthCheck => checks.AddCheck<TCheck>(name, tags: [ProbeTag]);

    /// <summary>Whether the probe omits this check.</summary>
    public static bool IsForDoctorOnly(HealthCheckRegistration check) => check.Tags.Contains(DoctorTag);

    /// <summary>Whether the doctor omits this check.</summary>
    public static bool IsForProbeOnly(HealthCheckRegistration check) => check.Tags.Contains(ProbeTag);
}
