using FathomGateway.Cli.DoctorChecks;
using FathomGateway.Settings;

namespace FathomGateway.Cli.Doctor;

/// <summary>What <c>gateway doctor</c> asks, and the doctor of a gateway that serves.</summary>
internal static class DoctorFeature
{
    public static IServiceCollection AddDoctor(this IServiceCollection services, SettingsReader settings, StoreChoice stores)
    {
        if (settings.Flag(DoctorAtStart.VariableName)) services.AddHostedService<DoctorAtStart>();
        return services.AddStoreChecks(stores);
    }
}
