using FathomGateway.Settings;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Connect;

/// <summary>The routes that the gateway answers itself.</summary>
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
        services.AddSingleton<FirstOutcome>();
        services.AddSingleton<FirstDelivery>();
        services.AddSingleton<CodeExchange>();
        services.AddSingleton<Confirmation>();
        services.AddSingleton<ConfirmEndpoint>();
        services.AddSingleton(provider => new ExchangeSlots(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(LinkOptions.Read(settings));
        services.AddSingleton(TrustedProxies.Read(settings));
        services.AddProblemDetails();
        if (FrontendOptions.Read(settings) is not { } frontend) return services;
        services.AddSingleton(frontend);
        services.AddCors(cors =>
        {
            cors.AddDefaultPolicy(policy => Configure(policy, frontend, HttpMethods.Get));
            cors.AddPolicy(ConfirmEndpoint.Path, policy => Configure(policy, frontend, HttpMethods.Post));
        });
        return services;
    }

    private static void Configure(CorsPolicyBuilder policy, FrontendOptions frontend, string method) => policy
        .WithOrigins([.. frontend.Origins])
        .WithMethods(method)
        .AllowAnyHeader()
        // For pages that send their cookies along everywhere, and for the binder cookie: with it, these origins are what keeps others from beginning in a user's browser.
        .AllowCredentials()
        .WithExposedHeaders(HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate)
        .SetPreflightMaxAge(PreflightLifetime);

    /// <summary>Takes its own paths, whatever the method, and lets everything else pass untouched. CORS is answered on the routes that scripts call, not on the callback.</summary>
    public static IApplicationBuilder UseConnect(this IApplicationBuilder app)
    {
        var connect = app.ApplicationServices.GetRequiredService<ConnectEndpoint>();
        var callback = app.ApplicationServices.GetRequiredService<CallbackEndpoint>();
        app.MapWhen(context => OwnRoute.Is(ConnectEndpoint.Path, context.Request.Path), branch => branch.UseCors().Use(SmallBody.Check).Run(connect.HandleAsync));
        app.MapWhen(context => OwnRoute.Is(CallbackEndpoint.Path, context.Request.Path), branch => branch.Use(SmallBody.Check).Run(callback.HandleAsync));
        if (app.ApplicationServices.GetRequiredService<LinkOptions>().Binding != LinkBinding.Confirm) return app;
        var confirm = app.ApplicationServices.GetRequiredService<ConfirmEndpoint>();
        app.MapWhen(context => OwnRoute.Is(ConfirmEndpoint.Path, context.Request.Path), branch => branch.UseCors(ConfirmEndpoint.Path).Run(confirm.HandleAsync));
        return app;
    }
}
