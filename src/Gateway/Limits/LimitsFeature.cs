using FathomGateway.Settings;

namespace FathomGateway.Limits;

/// <summary>The bounds of the process: who is let in, and who is closed for others.</summary>
internal static class LimitsFeature
{
    /// <summary>Name of the check in <c>/health/ready</c>.</summary>
    public const string CheckName = "connections";

    public static IServiceCollection AddLimits(this IServiceCollection services, SettingsReader settings)
    {
        ProcessBounds.Check(settings);
        services.AddSingleton(_ => ProcessBounds.Read()).AddSingleton<LimitEvents>().AddSingleton<ConnectionLedger>();
        services.AddHostedService<ConnectionSweep>().AddHostedService<HeapPressure>();
        services.AddHealthChecks().AddProbeCheck<LimitsCheck>(CheckName);
        return services;
    }
}
