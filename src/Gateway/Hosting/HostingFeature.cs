using FathomGateway.Settings;
using Microsoft.AspNetCore.DataProtection;

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

    /// <summary>
    /// Authentication and YARP bring ASP.NET's data protection along, which writes keys into the user's home at the start.
    /// Nothing here uses them, and on a read-only file system it could not. Comes after the rooms that bring it.
    /// </summary>
    public static IServiceCollection WithoutKeyFiles(this IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        foreach (var starter in services.Where(IsDataProtectionStarter).ToArray()) services.Remove(starter);
        return services;
    }

    private static bool IsDataProtectionStarter(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true;
}
