using System.Text.Json;
using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Show;

namespace FathomGateway.Sandbox.Provider;

/// <summary>A stand-in Fathom: consent page, token endpoint and a small API, all under <c>/v1</c>.</summary>
internal sealed class FathomStandIn : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly Grants _grants;

    private FathomStandIn(LoopbackServer server, Grants grants, Webhooks webhooks, Faults faults) =>
        (_server, _grants, Webhooks, Faults) = (server, grants, webhooks, faults);

    /// <summary>The faults that it simulates.</summary>
    public Faults Faults { get; }

    /// <summary>The webhooks that it calls when a meeting was recorded.</summary>
    public Webhooks Webhooks { get; }

    /// <summary>Scheme, host and port.</summary>
    public Uri Address => _server.Address;

    /// <summary>Authorization endpoint (RFC 6749 §3.1).</summary>
    public Uri AuthorizeUrl => new(Address, "/v1/oauth/authorize");

    /// <summary>Token endpoint (RFC 6749 §3.2).</summary>
    public Uri TokenUrl => new(Address, "/v1/oauth/token");

    /// <summary>Base of the API, without a slash at the end.</summary>
    public Uri ApiUrl => new(Address, "/v1");

    /// <summary>Expires every access token now. Refresh tokens stay valid.</summary>
    public void ExpireAccessTokens() => _grants.ExpireAccessTokens();

    /// <summary>Starts on a free loopback port.</summary>
    public static async Task<FathomStandIn> StartAsync(
        ProviderSettings settings, TimeProvider clock, CancellationToken cancellation, Watch? watch = null)
    {
        var (grants, webhooks, faults) = (new Grants(settings, clock), new Webhooks(clock), new Faults(settings));
        var server = await LoopbackServer.StartAsync(
            0,
            services => AddServices(services.AddSingleton(grants).AddSingleton(webhooks), settings, clock),
            app => MapRoutes(app, faults, watch),
            cancellation);
        return new FathomStandIn(server, grants, webhooks, faults);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Webhooks.Dispose();
        Faults.Dispose();
    }

    private static void AddServices(IServiceCollection services, ProviderSettings settings, TimeProvider clock)
    {
        services.AddSingleton(settings).AddSingleton(clock);
        services.AddSingleton<PendingConsents>().AddSingleton<AuthorizationCodes>();
        services.AddSingleton<CallLimit>().AddSingleton<BearerAccess>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
    }

    private static void MapRoutes(WebApplication app, Faults faults, Watch? watch)
    {
        if (watch is not null) app.Use(new FathomHops(watch).HandleAsync);
        app.Use(faults.HandleAsync);
        app.MapGet("/v1/oauth/authorize", AuthorizeEndpoint.Ask);
        app.MapPost("/v1/oauth/authorize", AuthorizeEndpoint.DecideAsync);
        app.MapPost("/v1/oauth/token", TokenEndpoint.AnswerAsync);
        app.MapGet("/v1/meetings", MeetingsEndpoint.List);
        app.MapPost("/v1/webhooks", (HttpContext context, BearerAccess access, Webhooks webhooks, WebhookRequest request) =>
            webhooks.Register(context, access, request));
        app.MapDelete("/v1/webhooks/{id}", (HttpContext context, BearerAccess access, Webhooks webhooks, string id) =>
            webhooks.Delete(context, access, id));
        app.MapFiles("Provider/Pages", "consent.css", "provider.svg");
    }
}
