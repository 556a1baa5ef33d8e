using FathomGateway.Hosting.Logging;
using FathomGateway.Settings;
using FathomGateway.Settings.Warnings;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FathomGateway.Hosting;

/// <summary>Sets up the process: environment, logging, shutdown.</summary>
internal static class HostingFeature
{
    /// <summary>Time limit for requests in progress after the process was asked to stop. Hosts kill the process a little later.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <param name="logging">Further logging providers of the host program, or null.</param>
    public static IHostBuilder UseHosting(this IHostBuilder host, SettingsReader settings, Action<ILoggingBuilder>? logging) => host
        .UseEnvironment(settings.Environment)
        // The telemetry library reads its standard variables from the host's configuration, which is otherwise empty.
        .ConfigureAppConfiguration(app => app.AddInMemoryCollection(
            settings.Configuration.AsEnumerable().Where(one => one.Key.StartsWith("OTEL_", StringComparison.Ordinal))))
        .ConfigureLogging(builder => LoggingSetup.Configure(builder, settings, logging))
        .ConfigureServices(services =>
        {
            services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
            services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ProblemJson.Default));
            services.AddSingleton(settings);
            // The clock of every feature. A test registers its own before.
            services.TryAddSingleton(TimeProvider.System);
            services.AddHostedService<StartupReport>();
        });

    /// <summary>Runs last, when every feature has read its settings and registered its services.</summary>
    /// <exception cref="SettingsException">While the host is built: the configuration is unusable.</exception>
    public static IHostBuilder FinishHosting(this IHostBuilder host, SettingsReader settings) => host.ConfigureServices(services =>
    {
        MisspelledSettings.Warn(settings);
        settings.ThrowIfFaulty();
        // Services stop in reverse order, so this one stops before the server. In development there is no load balancer to wait
        // for.
        if (settings.IsProduction) services.AddHostedService<DrainDelay>();
        // YARP registers ASP.NET's data protection, which writes keys into the user's home at the start. The gateway does not use them, and
        // on a read-only file system the start would fail.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        foreach (var starter in services.Where(IsDataProtectionStarter).ToArray()) services.Remove(starter);
    });

    private static bool IsDataProtectionStarter(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true;
}
