using FathomGateway.Keys;
using FathomGateway.Settings;
using FathomGateway.State.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.State;

/// <summary>Stores the states of authorization requests, in Redis or in this process's memory.</summary>
internal static class StateFeature
{
    /// <summary>Name of the health check. While it fails, no new connection can be begun.</summary>
    public const string HealthCheckName = "connect";

    public static IServiceCollection AddState(this IServiceCollection services, SettingsReader settings, StoreChoice stores)
    {
        services.AddSingleton(provider => new SignedState(provider.GetRequiredService<KeyRing>()));
        services.AddSingleton<ParkedCodes>();
        services.AddSingleton<SenderDigest>();
        if (stores.RedisUrl is null)
        {
            services.AddSingleton<IStateStore, MemoryStateStore>();
            services.AddHealthChecks().AddCheck(
                HealthCheckName, () => HealthCheckResult.Healthy("States are kept in this process's memory (embedded, one replica)."));
            return services;
        }

        if (RedisAddress.Read(settings, stores.RedisUrl) is not { } options) return services;
        services.AddSingleton(provider => new RedisConnection(
            options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
        services.AddSingleton<IStateStore, RedisStateStore>();
        services.AddHealthChecks().AddCheck<RedisHealthCheck>(HealthCheckName);
        return services;
    }
}
