using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox.Backend;

/// <summary>Stands for the existing web backend. It knows nothing of a gateway in front of it, and has three routes that use the one beside it.</summary>
internal sealed class BackendStandIn : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private BackendStandIn(LoopbackServer server) => _server = server;

    /// <summary>Scheme, host and port.</summary>
    public Uri Address => _server.Address;

    /// <summary>Starts on a free loopback port. <paramref name="frontend"/> is the origin whose pages may call it.</summary>
    public static async Task<BackendStandIn> StartAsync(
        string jwtSecret, string frontend, GatewayInternalApi gateway, TimeProvider clock, CancellationToken cancellation) =>
        new(await LoopbackServer.StartAsync(0, services => AddServices(services, jwtSecret, gateway, clock), app => MapRoutes(app, frontend), cancellation));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static void AddServices(IServiceCollection services, string jwtSecret, GatewayInternalApi gateway, TimeProvider clock)
    {
        services.AddSingleton(new SignInTokens(jwtSecret, clock));
        services.AddSingleton(_ => gateway); // By a factory, so that it is disposed of with the server.
        services.AddCors();
    }

    private static void MapRoutes(WebApplication app, string frontend)
    {
        // On every route but the gateway's own two, CORS is the backend's alone.
        app.UseCors(cors => cors.WithOrigins(frontend).AllowAnyMethod().WithHeaders("Authorization", "Content-Type"));

        app.MapPost("/auth/login", AccountEndpoints.SignIn);
        app.MapGet("/api/me", AccountEndpoints.Me);
        app.MapGet("/api/projects", AccountEndpoints.Projects);
        app.MapGet("/api/fathom/connection", FathomEndpoints.Connection);
        app.MapDelete("/api/fathom/connection", FathomEndpoints.Disconnect);
        app.MapGet("/api/fathom/meetings", FathomEndpoints.Meetings);
        app.Map("/api/echo/{**rest}", EchoEndpoint.Echo);
    }
}
