using FathomGateway.Cli.StoreChecks;
using FathomGateway.Settings;

namespace FathomGateway.Cli.Doctor;

/// <summary>Registers the checks of <c>gateway doctor</c>, and <c>DOCTOR_AT_START</c>.</summary>
internal static class DoctorFeature
{
    public static IServiceCollection AddDoctor(this IServiceCollection services, SettingsReader settings, StoreChoice stores)
    {
        if (settings.Flag(DoctorAtStart.DoctorAtStartName)) services.AddHostedService<DoctorAtStart>();
        return services.AddStoreChecks(stores);
    }
}
