using FathomGateway.Settings;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Connect;

/// <summary>The routes that the gateway answers itself: two, and two more where <c>PUBLIC_STATUS</c> is on.</summary>
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
        // Not there at all where it is off, so that its paths are the backend's.
        var publicStatus = settings.Flag(ConnectionStatusEndpoints.SettingName);
        if (publicStatus) services.AddSingleton<ConnectionStatusEndpoints>();
        services.AddSingleton(TimeProvider.System);
        services.AddProblemDetails();
        // A protection that is asked for and not there must not look as if it were.
        settings.OneOf("LINK_BINDING", "none", "none");
        if (FrontendOptions.Read(settings) is not { } frontend) return services;
        services.AddSingleton(frontend);
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. frontend.Origins])
            .WithMethods(publicStatus ? [HttpMethods.Get, HttpMethods.Delete] : [HttpMethods.Get])
            .AllowAnyHeader()
            // Pages that send their cookies along everywhere would be stopped otherwise; nothing here reads them.
            .AllowCredentials()
            .WithExposedHeaders(HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate)
            .SetPreflightMaxAge(PreflightLifetime)));
        return services;
    }

    /// <summary>Takes its own paths, whatever the method, and lets everything else pass untouched. CORS is answered on all of them but the callback, which no page asks by script.</summary>
    public static IApplicationBuilder UseConnect(this IApplicationBuilder app)
    {
        app.Take(ConnectEndpoint.Path, branch => branch.UseCors().Run(app.ApplicationServices.GetRequiredService<ConnectEndpoint>().HandleAsync));
        app.Take(CallbackEndpoint.Path, branch => branch.Run(app.ApplicationServices.GetRequiredService<CallbackEndpoint>().HandleAsync));
        if (app.ApplicationServices.GetService<ConnectionStatusEndpoints>() is not { } status) return app;
        app.Take(ConnectionStatusEndpoints.StatusPath, branch => branch.UseCors().Run(status.ShowAsync));
        app.Take(ConnectionStatusEndpoints.ConnectionPath, branch => branch.UseCors().Run(status.DisconnectAsync));
        return app;
    }

    private static void Take(this IApplicationBuilder app, string path, Action<IApplicationBuilder> handle) =>
        app.MapWhen(context => OwnRoute.Is(path, context.Request.Path), handle);
}
