using FathomGateway.Connect.Binding;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace FathomGateway.Connect.Cors;

/// <summary>The CORS policies of the routes that scripts call.</summary>
internal static class CorsSetup
{
    /// <summary>How long a browser may cache a preflight's response.</summary>
    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Adds the default policy, and the policy of <see cref="ConfirmEndpoint.Path"/> under that name.</summary>
    /// <param name="publicStatus">Whether the routes of <c>PUBLIC_STATUS</c> exist. One of them is called with DELETE.</param>
    public static IServiceCollection AddCorsPolicies(this IServiceCollection services, CorsOrigins origins, bool publicStatus)
    {
        services.AddSingleton(origins).AddSingleton<CorsRefusalLog>();
        services.AddCors().AddOptions<CorsOptions>().Configure<CorsOrigins, CorsRefusalLog>((cors, allowed, refused) =>
        {
            bool Allow(string origin)
            {
                if (allowed.Allow(origin)) return true;
                refused.Note(origin);
                return false;
            }

            string[] methods = publicStatus ? [HttpMethods.Get, HttpMethods.Delete] : [HttpMethods.Get];
            cors.AddDefaultPolicy(policy => Configure(policy, Allow, methods));
            cors.AddPolicy(ConfirmEndpoint.Path, policy => Configure(policy, Allow, HttpMethods.Post));
        });
        return services;
    }

    /// <summary>
    /// The framework's middleware, without its registration by <c>UseCors</c>: where no code may be generated at run time, that calls the
    /// middleware by reflection.
    /// </summary>
    /// <param name="policy">Null for the default policy.</param>
    public static IApplicationBuilder UseCorsPolicy(this IApplicationBuilder app, string? policy = null) => app.Use(next =>
    {
        var services = app.ApplicationServices;
        var middleware = new CorsMiddleware(
            next, services.GetRequiredService<ICorsService>(), services.GetRequiredService<ILoggerFactory>(), policy);
        var policies = services.GetRequiredService<ICorsPolicyProvider>();
        return context => middleware.Invoke(context, policies);
    });

    private static void Configure(CorsPolicyBuilder policy, Func<string, bool> allow, params string[] methods) => policy
        .SetIsOriginAllowed(allow)
        .WithMethods(methods)
        .AllowAnyHeader()
        // For pages that always send cookies, and for the binding cookie. These origins keep other pages from starting a flow in a user's
        // browser.
        .AllowCredentials()
        .WithExposedHeaders(HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate)
        .SetPreflightMaxAge(PreflightLifetime);
}
