using System.Globalization;
using System.Security.Cryptography;
using FathomGateway.Sandbox.Backend;
using FathomGateway.Sandbox.Frontend;
using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Provider;

namespace FathomGateway.Sandbox;

/// <summary>The configuration of the gateway, under the names that a person sets on a host.</summary>
internal static class GatewaySettings
{
    // In a separate database the rows outlive the sandbox, and the next sandbox must be able to decrypt them. Their tokens are the
    // stand-in's and have no value.
    private static readonly string KnownKey = $"sandbox:{Convert.ToBase64String(SHA256.HashData("no secret"u8))}";

    /// <summary>
    /// The shipped routes and these values, nothing else: a <c>REDIS_URL</c> of the user's machine must not apply.
    /// </summary>
    public static IConfiguration For(
        int port,
        string dataDirectory,
        SandboxSecrets secrets,
        ProviderSettings client,
        FathomStandIn fathom,
        BackendStandIn backend,
        FrontendStandIn frontend,
        SandboxOptions options) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "yarp.json"))
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            // Standard output is the sandbox's. The gateway's warnings go to standard error.
            ["Logging:Console:LogToStandardErrorThreshold"] = "Trace",
            ["Logging:LogLevel:Default"] = "Warning",
            // The sandbox itself reports a port that cannot be bound. An overridden ASPNETCORE_URLS does not matter here.
            ["Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel"] = "Error",
            ["Logging:LogLevel:Microsoft.Extensions.Hosting"] = "None",
            // Its advice is for public gateways. Here the page lets people try what it warns of.
            ["Logging:LogLevel:FathomGateway.Hosting.StartupReport"] = "Error",
            // A person has chosen on the page that the receiver takes no events, and the page shows each try.
            ["Logging:LogLevel:FathomGateway.Events"] = "Error",
            ["EMBEDDED"] = "true",
            ["DATA_DIR"] = dataDirectory,
            ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["PUBLIC_HOST"] = "127.0.0.1",
            ["MANAGEMENT_PORT"] = "0",
            ["INTERNAL_API_KEY"] = secrets.InternalApiKey,
            ["FATHOM_CLIENT_ID"] = client.ClientId,
            ["FATHOM_CLIENT_SECRET"] = client.ClientSecret,
            ["FATHOM_REDIRECT_URI"] = client.RedirectUri,
            ["FATHOM_AUTHORIZE_URL"] = fathom.AuthorizeUrl.AbsoluteUri,
            ["FATHOM_TOKEN_URL"] = fathom.TokenUrl.AbsoluteUri,
            ["FATHOM_API_URL"] = fathom.ApiUrl.AbsoluteUri,
            ["FRONTEND_URL"] = Origin.Of(frontend.Address),
            ["FRONTEND_RETURN_PATH"] = SandboxEnvironment.ReturnPath,
            ["BACKEND_URL"] = Origin.Of(backend.Address),
            ["JWT_SECRET"] = secrets.Jwt,
            ["EVENTS_URL"] = backend.EventsUrl.AbsoluteUri,
            ["EVENTS_SECRET"] = secrets.EventsSetting,
            ["LINK_BINDING"] = options.LinkBinding,
            ["REDIS_URL"] = options.Redis,
            ["DATABASE_URL"] = options.Database,
            ["TOKEN_ENCRYPTION_KEYS"] = options.Database is null ? null : KnownKey,
        })
        .Build();
}
