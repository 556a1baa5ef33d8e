using FathomGateway.Settings;
using FathomGateway.Users;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Connect;

/// <summary>The routes that the gateway answers itself: two, and those that <c>LINK_BINDING</c> and <c>PUBLIC_STATUS</c> add.</summary>
internal static class ConnectFeature
{
    /// <summary>How long a browser may remember a preflight's answer.</summary>
    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromMinutes(10);

    public static IServiceCollection AddConnect(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton<ConnectEndpoint>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<CallbackEndpoint>();
        services.AddSingleton<AuthorizationResponseHandler>();
        services.AddSingleton<RedeemedStates>();
        services.AddSingleton<ExchangeTurns>();
        services.AddSingleton<CallbackDeduplication>();
        services.AddSingleton<CodeExchange>();
        services.AddSingleton<Confirmation>();
        services.AddSingleton<ConfirmEndpoint>();
        services.AddSingleton(provider => new ExchangeSlots(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(LinkOptions.Read(settings));
        services.AddSingleton(TrustedProxies.Read(settings));
        // Not there at all where it is off, so that its paths are the backend's.
        var publicStatus = settings.Flag(ConnectionStatusEndpoints.SettingName);
        if (publicStatus) services.AddSingleton<ConnectionStatusEndpoints>();
        services.AddProblemDetails();
        if (FrontendOptions.Read(settings) is not { } frontend) return services;
        services.AddSingleton(frontend);
        services.AddSingleton(new CookieOrigins(frontend.Allows));
        settings.Optional(RedirectUriCheck.RenderAddressName);
        services.AddHealthChecks().AddDoctorCheck<RedirectUriCheck>("redirect uri").AddDoctorCheck<SiteCheck>("site");
        services.AddCors(cors =>
        {
            cors.AddDefaultPolicy(
                policy => Configure(policy, frontend, publicStatus ? [HttpMethods.Get, HttpMethods.Delete] : [HttpMethods.Get]));
            cors.AddPolicy(ConfirmEndpoint.Path, policy => Configure(policy, frontend, HttpMethods.Post));
        });
        return services;
    }

    private static void Configure(CorsPolicyBuilder policy, FrontendOptions frontend, params string[] methods) => policy
        .WithOrigins([.. frontend.Origins])
        .WithMethods(methods)
        .AllowAnyHeader()
        // For pages that send their cookies along everywhere, and for the binder cookie: with it, these origins are what keeps others from
        // beginning in a user's browser.
        .AllowCredentials()
        .WithExposedHeaders(HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate)
        .SetPreflightMaxAge(PreflightLifetime);

    /// <summary>
    /// Takes its own paths, whatever the method, and lets everything else pass untouched. CORS is answered on the routes that scripts call,
    /// not on the callback.
    /// </summary>
    public static IApplicationBuilder UseConnect(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        app.Take(
            ConnectEndpoint.Path,
            branch => branch.UseCors().Use(SmallBody.Check).Run(services.GetRequiredService<ConnectEndpoint>().HandleAsync));
        app.Take(
            CallbackEndpoint.Path, branch => branch.Use(SmallBody.Check).Run(services.GetRequiredService<CallbackEndpoint>().HandleAsync));
        if (services.GetRequiredService<LinkOptions>().Binding == LinkBinding.Confirm)
        {
            app.Take(
                ConfirmEndpoint.Path,
                branch => branch.UseCors(ConfirmEndpoint.Path).Run(services.GetRequiredService<ConfirmEndpoint>().HandleAsync));
        }

        if (services.GetService<ConnectionStatusEndpoints>() is not { } status) return app;
        app.Take(ConnectionStatusEndpoints.StatusPath, branch => branch.UseCors().Use(SmallBody.Check).Run(status.ShowAsync));
        app.Take(ConnectionStatusEndpoints.ConnectionPath, branch => branch.UseCors().Use(SmallBody.Check).Run(status.DisconnectAsync));
        return app;
    }

    private static void Take(this IApplicationBuilder app, string path, Action<IApplicationBuilder> handle) =>
        app.MapWhen(context => GatewayRoutes.Is(path, context.Request.Path), branch =>
        {
            var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ExceptionHandler));
            branch.Use(next => context => ThreadPoolContext.RunAsync(() => next(context)));
            branch.Use(next => context => ExceptionHandler.HandleAsync(context, next, path, log));
            branch.Use(Preflight.Check);
            handle(branch);
        });
}
