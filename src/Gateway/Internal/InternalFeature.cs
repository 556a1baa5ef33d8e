using FathomGateway.Internal.Connections;
using FathomGateway.Internal.Relay;
using FathomGateway.Settings;

namespace FathomGateway.Internal;

/// <summary>The internal listener, for the backend and operators, never for browsers.</summary>
internal static class InternalFeature
{
    public static IServiceCollection AddInternal(this IServiceCollection services, SettingsReader settings)
    {
        services.AddHealthChecks();
        services.AddSingleton(InternalApiKey.Read(settings));
        services.AddSingleton<ConnectionRoutes>();
        services.AddSingleton<ListRoutes>();
        services.AddSingleton<ConnectionListEndpoint>();
        services.AddSingleton<EventsEndpoint>();
        services.AddSingleton<ConnectionEndpoint>();
        services.AddSingleton<AccessTokenEndpoint>();
        services.AddSingleton<RelayEndpoint>();
        var maxWait = RelayRateLimit.ReadMaxWait(settings);
        services.AddSingleton(provider => new RelayRateLimit(maxWait, provider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton<HealthEndpoint>();
    }

    /// <summary>
    /// Answers all requests that arrive on the internal listener and no others. The connection decides this, so no request can forge it.
    /// </summary>
    public static IApplicationBuilder UseInternal(this IApplicationBuilder app)
    {
        var open = new Dictionary<string, RequestDelegate>
        {
            ["/health/live"] = HealthEndpoint.LiveAsync,
            ["/health/ready"] = app.ApplicationServices.GetRequiredService<HealthEndpoint>().ReadyAsync,
            ["/metrics"] = app.New().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build(),
            ["/openapi.json"] = OpenApiEndpoint.HandleAsync,
        };
        var connections = app.ApplicationServices.GetRequiredService<ConnectionRoutes>();
        var lists = app.ApplicationServices.GetRequiredService<ListRoutes>();
        return app.MapWhen(InternalListener.Accepted, branch => branch
            .Use(next => async context =>
            {
                if (!await connections.HandleAsync(context) && !await lists.HandleAsync(context)) await next(context);
            })
            .Run(context => open.TryGetValue(context.Request.Path.Value ?? "", out var handle)
                ? GetRoute.AnswerAsync(context, handle)
                : NotFoundAsync(context)));
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
