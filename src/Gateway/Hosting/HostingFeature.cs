using FathomGateway.Settings;

namespace FathomGateway.Hosting;

/// <summary>The process around the rooms.</summary>
internal static class HostingFeature
{
    /// <summary>How long requests under way may take to finish after the process was asked to stop; hosts kill it a little later.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddHosting(this IServiceCollection services, SettingsReader settings)
    {
        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        services.AddSingleton(settings);
        return services.AddHostedService<StartReport>();
    }
}
