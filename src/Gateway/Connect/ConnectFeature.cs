using FathomGateway.Settings;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Connect;

/// <summary>The two routes that the gateway answers itself.</summary>
internal static class ConnectFeature
{
    /// <summary>How long a browser may remember a preflight's answer.</summary>
    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromMinutes(10);

    public static IServiceCollection AddConnect(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton<ConnectEndpoint>();
        services.AddSingleton<ConnectRateLimit>();
        services.AddSingleton<CallbackEndpoint>();
        services.AddSingleton<AuthorizationResponseHandler>();
        services.AddSingleton<FirstOutcome>();
        services.AddSingleton(TimeProvider.System);
        services.AddProblemDetails();
        // A protection that is asked for and not there must not look as if it were.
        settings.OneOf("LINK_BINDING", "none", "none");
        if (FrontendOptions.Read(settings) is not { } frontend) return services;
        services.AddSingleton(frontend);
        services.AddHealthChecks().AddDoctorCheck<RedirectUriCheck>("redirect uri").AddDoctorCheck<SiteCheck>("site");
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. frontend.Origins])
            .WithMethods(HttpMethods.Get)
            .AllowAnyHeader()
            // Pages that send their cookies along everywhere would be stopped otherwise; nothing here reads them.
            .AllowCredentials()
            .WithExposedHeaders(HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate)
            .SetPreflightMaxAge(PreflightLifetime)));
        return services;
    }

    /// <summary>Takes its own paths, whatever the method, and lets everything else pass untouched. CORS is answered on /fathom/connect alone.</summary>
    public static IApplicationBuilder UseConnect(this IApplicationBuilder app)
    {
        var connect = app.ApplicationServices.GetRequiredService<ConnectEndpoint>();
        var callback = app.ApplicationServices.GetRequiredService<CallbackEndpoint>();
        app.MapWhen(context => OwnRoute.Is(ConnectEndpoint.Path, context.Request.Path), branch => branch.UseCors().Run(connect.HandleAsync));
        app.MapWhen(context => OwnRoute.Is(CallbackEndpoint.Path, context.Request.Path), branch => branch.Run(callback.HandleAsync));
        return app;
    }
}
