using FathomGateway.Settings;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Proxy;

/// <summary>Every route that is not the gateway's own goes to the backend, unchanged. Needs no store and no provider.</summary>
internal static class ProxyFeature
{
    public static IServiceCollection AddProxy(this IServiceCollection services, SettingsReader settings)
    {
        var options = ProxyOptions.Read(settings);
        var section = settings.Configuration.GetSection("ReverseProxy");
        if (!section.GetSection("Routes").GetChildren().Any())
        {
            settings.Fault("yarp.json", "holds no routes, so that nothing would be forwarded: put the one that comes with the gateway beside it.");
        }

        services.AddSingleton(options);
        services.AddRouting();
        services.AddSingleton<IForwarderHttpClientFactory, BackendClientFactory>();
        services.AddReverseProxy()
            .LoadFromConfig(section)
            .AddConfigFilter<BackendCluster>()
            .AddTransforms<ExactForwarding>();
        return services;
    }

    /// <summary>Comes last. The pipeline has only what exactness needs: there is one backend, so nothing to balance and no affinity to keep.</summary>
    public static IApplicationBuilder UseProxy(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("FathomGateway.Proxy");
        app.UseRouting();
        return app.UseEndpoints(routes => routes.MapReverseProxy(pipeline =>
        {
            pipeline.Use((HttpContext context, Func<Task> next) => GatewayMade.MarkFailureAsync(context, next, log));
            pipeline.Use(RequestFraming.SettleAsync);
        }));
    }
}
