using FathomGateway.Limits.Connections;
using FathomGateway.Settings;
using FathomGateway.Settings.Registration;

namespace FathomGateway.Limits;

/// <summary>The limits of the process on connections and memory.</summary>
internal static class LimitsFeature
{
    /// <summary>Name of the check in <c>/health/ready</c>.</summary>
    public const string CheckName = "connections";

    public static IServiceCollection AddLimits(this IServiceCollection services, SettingsReader settings)
    {
        ProcessLimits.Check(settings);
        services.AddSingleton(_ => ProcessLimits.Read()).AddSingleton<LimitEvents>().AddSingleton<ConnectionBudget>();
        services.AddHostedService<ConnectionSweep>().AddHostedService<HeapPressure>().AddHostedService<MemoryRelease>();
        services.AddHealthChecks().AddProbeCheck<LimitsHealthCheck>(CheckName);
        return services;
    }
}
