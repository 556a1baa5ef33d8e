using FathomGateway.Settings;

namespace FathomGateway.Cli.DoctorChecks;

/// <summary>What <c>gateway doctor</c> asks the stores that are configured. Nothing that serves asks it.</summary>
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
