using FathomGateway.Settings;
using FathomGateway.Settings.Registration;

namespace FathomGateway.Cli.StoreChecks;

/// <summary>Registers the checks of the configured stores for <c>gateway doctor</c>. A serving gateway does not run them.</summary>
internal static class StoreChecksFeature
{
    public static IServiceCollection AddStoreChecks(this IServiceCollection services, StoreChoice stores)
    {
        var checks = services.AddHealthChecks();
        if (stores.RedisUrl is not null) checks.AddDoctorCheck<RedisDoctorCheck>("redis");
        checks.AddDoctorCheck<EncryptionKeysDoctorCheck>("keys");
        if (stores.DatabaseUrl is not null) checks.AddDoctorCheck<PostgresDoctorCheck>("postgres");
        return services;
    }
}
