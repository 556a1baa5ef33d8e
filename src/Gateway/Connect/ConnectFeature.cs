using FathomGateway.Connect.Binding;
using FathomGateway.Connect.Callback;
using FathomGateway.Connect.Clients;
using FathomGateway.Connect.Cors;
using FathomGateway.Settings;
using FathomGateway.Settings.Registration;
using FathomGateway.Users.Sources;

namespace FathomGateway.Connect;

/// <summary>The gateway's own public routes: two, and those that <c>LINK_BINDING</c> and <c>PUBLIC_STATUS</c> add.</summary>
internal static class ConnectFeature
{
    public static IServiceCollection AddConnect(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton<ConnectEndpoint>();
        services.AddSingleton<ConnectRateLimits>();
        services.AddSingleton<CallbackEndpoint>();
        services.AddSingleton<AuthorizationResponseHandler>();
        services.AddSingleton<RedeemedStates>();
        services.AddSingleton<CodeExchangeQueue>();
        services.AddSingleton<CallbackDeduplication>();
        services.AddSingleton<CodeExchange>();
        services.AddSingleton<LinkConfirmation>();
        services.AddSingleton<ConfirmEndpoint>();
        services.AddSingleton(provider => new CodeExchangeLimit(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(LinkBindingOptions.Read(settings));
        services.AddSingleton(TrustedProxies.Read(settings)).AddSingleton<UntrustedProxyLog>();
        // Where the setting is off, these paths belong to the backend.
        var publicStatus = settings.Flag(ConnectionStatusEndpoints.PublicStatusName);
        if (publicStatus) services.AddSingleton<ConnectionStatusEndpoints>();
        services.AddProblemDetails();
        if (FrontendOptions.Read(settings) is not { } frontend) return services;
        services.AddSingleton(frontend);
        services.AddSingleton(new CsrfProtection(frontend.Origins.Allow));
        // Read before the warning of unknown names, which would otherwise not know the name. The check itself reads it later.
        settings.Optional(RedirectUriDoctorCheck.RenderAddressName);
        services.AddHealthChecks().AddDoctorCheck<RedirectUriDoctorCheck>("redirect uri").AddDoctorCheck<SameSiteDoctorCheck>("site");
        return services.AddCorsPolicies(frontend.Origins, publicStatus);
    }

    /// <summary>
    /// Handles the gateway's own paths, whatever the method, and passes all other requests on. CORS applies to routes that scripts call,
    /// not to the callback.
    /// </summary>
    public static IApplicationBuilder UseConnect(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        app.HandleRoute(ConnectEndpoint.Path, HttpMethods.Get, branch => branch
            .UseCorsPolicy().Use(RequestBodyLimit.Check).Run(services.GetRequiredService<ConnectEndpoint>().HandleAsync));
        app.HandleRoute(CallbackEndpoint.Path, HttpMethods.Get, branch => branch
            .Use(RequestBodyLimit.Check).Run(services.GetRequiredService<CallbackEndpoint>().HandleAsync));
        if (services.GetRequiredService<LinkBindingOptions>().Binding == LinkBinding.Confirm)
        {
            app.HandleRoute(ConfirmEndpoint.Path, HttpMethods.Post, branch => branch
                .UseCorsPolicy(ConfirmEndpoint.Path).Run(services.GetRequiredService<ConfirmEndpoint>().HandleAsync));
        }

        if (services.GetService<ConnectionStatusEndpoints>() is not { } status) return app;
        app.HandleRoute(ConnectionStatusEndpoints.StatusPath, HttpMethods.Get, branch => branch
            .UseCorsPolicy().Use(RequestBodyLimit.Check).Run(status.ShowAsync));
        app.HandleRoute(ConnectionStatusEndpoints.ConnectionPath, HttpMethods.Delete, branch => branch
            .UseCorsPolicy().Use(RequestBodyLimit.Check).Run(status.DisconnectAsync));
        return app;
    }

    /// <param name="method">The route's method, for the Allow field.</param>
    private static void HandleRoute(
        this IApplicationBuilder app, string path, string method, Action<IApplicationBuilder> handle) => app.MapWhen(
        context => GatewayRoutes.Is(path, context.Request.Path),
        branch =>
        {
            var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ExceptionHandler));
            branch.Use(ThreadPoolSynchronizationContext.RunAsync);
            branch.Use(next => context => ExceptionHandler.HandleAsync(context, next, path, log));
            branch.Use(next => context =>
                GatewayRoutes.IsExactMethod(context.Request.Method)
                    ? next(context)
                    : ConnectProblem.MethodNotAllowedAsync(context, method));
            branch.Use(app.ApplicationServices.GetRequiredService<UntrustedProxyLog>().Check);
            branch.Use(CorsPreflight.Check);
            handle(branch);
        });
}
