using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox.Backend;

/// <summary>A stand-in for the existing web backend.</summary>
/// <remarks>
/// Its ordinary routes do not depend on the gateway. Four routes use the gateway's internal listener or receive its events.
/// </remarks>
internal sealed class BackendStandIn : IAsyncDisposable
{
    /// <summary>Path of the route that takes events.</summary>
    public const string EventsPath = "/fathom-events";

    private readonly LoopbackServer _server;

    private BackendStandIn(LoopbackServer server) => _server = server;

    /// <summary>Scheme, host and port.</summary>
    public Uri Address => _server.Address;

    /// <summary>Where it takes events.</summary>
    public Uri EventsUrl => new(Address, EventsPath);

    /// <summary>Starts on a free loopback port. <paramref name="frontend"/> is the origin whose pages may call it.</summary>
    /// <param name="events">Takes events; null for a backend that has no route for them.</param>
    public static async Task<BackendStandIn> StartAsync(
        string jwtSecret,
        string frontend,
        GatewayInternalApi gateway,
        TimeProvider clock,
        CancellationToken cancellation,
        EventReceiver? events = null)
    {
        var server = await LoopbackServer.StartAsync(
            0, services => AddServices(services, jwtSecret, gateway, clock), app => MapRoutes(app, frontend, events), cancellation);
        return new BackendStandIn(server);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static void AddServices(IServiceCollection services, string jwtSecret, GatewayInternalApi gateway, TimeProvider clock)
    {
        services.AddSingleton(new SignInTokens(jwtSecret, clock));
        services.AddSingleton(_ => gateway); // By a factory, so that it is disposed of with the server.
        services.AddCors();
    }

    private static void MapRoutes(WebApplication app, string frontend, EventReceiver? events)
    {
        // On every route but the gateway's own two, CORS is the backend's alone.
        app.UseCors(cors => cors.WithOrigins(frontend).AllowAnyMethod().WithHeaders("Authorization", "Content-Type"));

        app.MapPost("/auth/login", AccountEndpoints.SignIn);
        app.MapGet("/api/me", AccountEndpoints.Me);
        app.MapGet("/api/projects", AccountEndpoints.Projects);
        app.MapGet("/api/fathom/connection", FathomEndpoints.Connection);
        app.MapDelete("/api/fathom/connection", FathomEndpoints.Disconnect);
        app.MapGet("/api/fathom/meetings", FathomEndpoints.Meetings);
        if (events is not null) app.MapPost(EventsPath, (Delegate)events.ReceiveAsync);
        app.Map("/api/echo/{**rest}", EchoEndpoint.Echo);
    }
}
