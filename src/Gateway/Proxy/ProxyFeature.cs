using FathomGateway.Backend;
using FathomGateway.Proxy.Clients;
using FathomGateway.Proxy.Direct;
using FathomGateway.Proxy.Loops;
using FathomGateway.Proxy.Transforms;
using FathomGateway.Settings;
using FathomGateway.Settings.Registration;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy;

/// <summary>
/// Forwards every request that is not for the gateway's own routes to the backend, unchanged. Needs no store and no provider.
/// </summary>
internal static class ProxyFeature
{
    public static IServiceCollection AddProxy(this IServiceCollection services, SettingsReader settings)
    {
        var options = ProxyOptions.Read(settings);
        var section = settings.Configuration.GetSection("ReverseProxy");
        CheckRoutes(settings, options, section);
        services.AddSingleton(options);
        services.AddHealthChecks().AddDoctorCheck<BackendDoctorCheck>("backend");
        services.AddRouting();
        services.AddSingleton<DirectForwarder>().AddSingleton<CatchAllRoute>();
        services.AddSingleton<LoopDetection>().AddSingleton(LoopGuard.CreateProbe).AddSingleton<LoopGuard>();
        services.AddSingleton<IForwarderHttpClientFactory, BackendClientFactory>();
        services.AddReverseProxy()
            .LoadFromConfig(section)
            .AddConfigFilter<BackendClusterFilter>()
            .AddTransforms<ExactTransformProvider>();
        UseOwnForwarder(services);
        return services;
    }

    /// <summary>Replaces YARP's forwarder by <see cref="ForwarderSelector"/>, which still uses YARP's where it is needed.</summary>
    private static void UseOwnForwarder(IServiceCollection services)
    {
        const string Yarp = nameof(Yarp);
        var forwarder = services.Single(service => service.ServiceType == typeof(IHttpForwarder));
        services.Remove(forwarder);
        services.Add(ServiceDescriptor.KeyedSingleton(typeof(IHttpForwarder), Yarp, forwarder.ImplementationType!));
        services.AddSingleton<IHttpForwarder>(provider =>
            new ForwarderSelector(provider.GetRequiredService<DirectForwarder>(), provider.GetRequiredKeyedService<IHttpForwarder>(Yarp)));
    }

    private static void CheckRoutes(SettingsReader settings, ProxyOptions options, IConfigurationSection section)
    {
        var backend = section.GetSection($"Clusters:{BackendClusterFilter.Id}");
        if (!section.GetSection("Routes").GetChildren().Any())
        {
            settings.Fault(
                "yarp.json", "holds no routes, so that nothing would be forwarded: put the one that comes with the gateway beside it.");
        }
        else if (options.BackendUrl is not null && !backend.Exists())
        {
            settings.Fault(
                ProxyOptions.BackendUrlName,
                $"has no effect, because yarp.json has no cluster named {BackendClusterFilter.Id}: name it so, or leave the variable out.");
        }

        if (options.BackendUrl is { } own
            && Uri.TryCreate(settings.Optional(SharedSettings.RedirectUriName), UriKind.Absolute, out var gateway)
            && gateway.Authority == own.Authority)
        {
            settings.Warn(
                $"{ProxyOptions.BackendUrlName} names the host of {SharedSettings.RedirectUriName}, which is the gateway's own: unless "
                    + "something in front tells the two apart, every proxied request comes back here. Write the address of the backend "
                    + "itself.");
        }

        // No one can own a name below .invalid (RFC 6761, section 6.4), so a missing variable cannot send credentials to a stranger.
        var addresses = backend.GetSection("Destinations").GetChildren().Select(one => one["Address"]?.TrimEnd('/'));
        if (options.BackendUrl is null && addresses.Any(one => one?.EndsWith(".invalid", StringComparison.Ordinal) == true))
        {
            settings.Warn(
                $"{ProxyOptions.BackendUrlName} is not set and yarp.json still names the example address: every proxied request will end "
                    + "in a 502. Write the address of your existing backend.");
        }
    }

    /// <summary>Runs last in the pipeline. Skips YARP's stages where the configuration has one catch-all route.</summary>
    public static IApplicationBuilder UseProxy(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("FathomGateway.Proxy");
        var single = app.ApplicationServices.GetRequiredService<CatchAllRoute>();
        var direct = app.ApplicationServices.GetRequiredService<DirectForwarder>();
        var loops = app.ApplicationServices.GetRequiredService<LoopGuard>();
        app.Use(next => context =>
        {
            if (loops.Refuses(context)) return Task.CompletedTask;
            return single.Find() is { } pool && !ForwarderSelector.IsExtendedConnect(context)
                ? ForwardAsync(context, direct, pool, loops, log)
                : next(context);
        });
        app.UseRouting();
        return app.UseEndpoints(routes => routes.MapReverseProxy(stages =>
        {
            stages.Use(async (HttpContext context, RequestDelegate next) =>
            {
                if (!RequestChecks.IsForwardable(context)) return;
                loops.Begin();
                try
                {
                    await next(context);
                }
                finally
                {
                    loops.End();
                }

                ProxyErrorResponse.MarkFailure(context, log);
            });
            // Options of yarp.json for clusters with several destinations.
            stages.UseSessionAffinity();
            stages.UseLoadBalancing();
            stages.UsePassiveHealthChecks();
        }));
    }

    private static async Task ForwardAsync(HttpContext context, DirectForwarder forwarder, BackendPool pool, LoopGuard loops, ILogger log)
    {
        loops.Begin();
        try
        {
            if (await forwarder.ForwardAsync(context, pool) != ForwarderError.None) ProxyErrorResponse.MarkFailure(context, log);
        }
        finally
        {
            loops.End();
        }
    }
}
