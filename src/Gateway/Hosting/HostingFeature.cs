using FathomGateway.Hosting.Logging;
using FathomGateway.Settings;
using FathomGateway.Settings.Warnings;
using Microsoft.AspNetCore.DataProtection;

namespace FathomGateway.Hosting;

/// <summary>The process around the rooms.</summary>
internal static class HostingFeature
{
    /// <summary>How long requests under way may take to finish after the process was asked to stop; hosts kill it a little later.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <param name="logging">Further logging providers of whoever hosts the gateway, or null.</param>
    public static IHostBuilder UseHosting(this IHostBuilder host, SettingsReader settings, Action<ILoggingBuilder>? logging) => host
        .UseEnvironment(settings.Environment)
        // The telemetry library reads its standard variables from the host's configuration, which is otherwise empty.
        .ConfigureAppConfiguration(app => app.AddInMemoryCollection(settings.Configuration.AsEnumerable().Where(one => one.Key.StartsWith("OTEL_", StringComparison.Ordinal))))
        .ConfigureLogging(builder => LoggingSetup.Configure(builder, settings, logging))
        .ConfigureServices(services =>
        {
            services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
            services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ProblemJson.Default));
            services.AddSingleton(settings);
            services.AddHostedService<StartupReport>();
        });

    /// <summary>Comes last, when every room has read its settings and brought its services.</summary>
    /// <exception cref="SettingsException">While the host is built: the configuration cannot be used.</exception>
    public static IHostBuilder FinishHosting(this IHostBuilder host, SettingsReader settings) => host.ConfigureServices(services =>
    {
        MisspelledSettings.Warn(settings);
        settings.ThrowIfFaulty();
        // Services are stopped in the reverse of this order: before the server. Whoever develops has no load balancer, and does not want to wait.
        if (settings.IsProduction) services.AddHostedService<DrainDelay>();
        // YARP brings ASP.NET's data protection along, which writes keys into the user's home at the start.
        // Nothing here uses them, and on a read-only file system it could not.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        foreach (var starter in services.Where(IsDataProtectionStarter).ToArray()) services.Remove(starter);
    });

    private static bool IsDataProtectionStarter(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true;
}
