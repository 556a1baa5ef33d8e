using FathomGateway.Sandbox.Backend;
using FathomGateway.Sandbox.Frontend;
using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Provider;
using FathomGateway.Sandbox.Show;

namespace FathomGateway.Sandbox;

/// <summary>An environment to try the gateway in: a stand-in Fathom, a backend and a frontend, with the gateway in front.</summary>
/// <remarks>All of it runs in one process, on loopback.</remarks>
internal sealed class SandboxEnvironment : IAsyncDisposable
{
    /// <summary>The frontend's page to which the browser returns.</summary>
    public const string ReturnPath = "/dashboard";

    private const int Attempts = 5; // Another process may win the gateway's port in the moment between letting go and binding.

    private readonly Stack<IAsyncDisposable> _parts = new();

    private SandboxEnvironment()
    {
    }

    /// <summary>The page to open.</summary>
    public Uri Dashboard { get; private set; } = null!;

    /// <summary>The page that draws the flow live.</summary>
    public Uri Show => new(Dashboard, "/show");

    /// <summary>The gateway's public listener.</summary>
    public Uri Gateway { get; private set; } = null!;

    /// <summary>The stand-in provider.</summary>
    public Uri Fathom { get; private set; } = null!;

    /// <summary>The backend behind the gateway. Browsers do not call it directly.</summary>
    public Uri Backend { get; private set; } = null!;

    /// <summary>The variables of docs/backend.md for a receiver of one's own, as lines for a shell; empty where there is none.</summary>
    public IReadOnlyList<string> ReceiverVariables { get; private set; } = [];

    /// <summary>Starts everything. Throws <see cref="PortUnavailableException"/> when a requested port cannot be bound.</summary>
    public static async Task<SandboxEnvironment> StartAsync(SandboxOptions options, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var sandbox = new SandboxEnvironment();
            try
            {
                await sandbox.BuildAsync(options, cancellation);
                return sandbox;
            }
            catch (PortUnavailableException lost)
                when (lost.Option == GatewayInFront.PortOption && options.GatewayPort == 0 && attempt < Attempts)
            {
                await sandbox.DisposeAsync();
            }
            catch
            {
                await sandbox.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Stops everything, the gateway first, and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
            await part.DisposeAsync();
    }

    private async Task BuildAsync(SandboxOptions options, CancellationToken cancellation)
    {
        // 1. What all parts need before they start: the gateway's address, the secrets, the folder of its data.
        using var port = ReservedPort.Take(options.GatewayPort, GatewayInFront.PortOption);
        Gateway = new Uri($"http://127.0.0.1:{port.Number}");
        var client = new ProviderSettings(
            "harbour-sandbox", Secret.New(), new Uri(Gateway, "/fathom/callback").AbsoluteUri, options.AccessTokenLifetime);
        var secrets = SandboxSecrets.New();
        var gatewayApi = new GatewayInternalApi(secrets.InternalApiKey);
        var data = Add(TemporaryFolder.Create());

        // 2. The parts that exist without the gateway.
        var stores = await SandboxStores.OpenAsync(options, data.Path);
        var watch = Add(new Watch(new Hops(options.Clock), stores));
        var own = options.EventsUrl is { } url ? Add(new OwnReceiver(url)) : null;
        var events = new EventReceiver(secrets.Events, secrets.NextEvents, watch, options.Clock, own);
        var fathom = Add(await FathomStandIn.StartAsync(client, options.Clock, cancellation, watch));
        var updates = new LiveUpdates(watch, fathom.Faults, events, new GatewayLists(gatewayApi));
        var frontend = Add(await FrontendStandIn.StartAsync(
            options.FrontendPort,
            Origin.Of(Gateway),
            stores,
            fathom.ExpireAccessTokens,
            cancellation,
            options.LinkBinding,
            app =>
            {
                app.MapShow(watch, updates, fathom.Faults);
                app.MapEvents(events, gatewayApi);
            }));
        var backend = Add(await BackendStandIn.StartAsync(
            secrets.Jwt, Origin.Of(frontend.Address), gatewayApi, options.Clock, cancellation, events));
        (Fathom, Backend, Dashboard) = (fathom.Address, backend.Address, new Uri(frontend.Address, ReturnPath));

        // 3. The gateway, on the port that the redirect URI already names.
        var settings = GatewaySettings.For(port.Number, data.Path, secrets, client, fathom, backend, frontend, options);
        port.Dispose();
        var gateway = Add(await GatewayInFront.StartAsync(settings, port.Number, cancellation, watch));
        gatewayApi.Address = gateway.Internal;
        if (options.Redis is null) stores.ReadStates = gateway.ReadStatesAsync;
        if (options.EventsUrl is { } receiver) ReceiverVariables = secrets.ReceiverVariables(receiver, gateway.Internal);

        // 4. What the stores hold already is not shown as a change.
        await watch.RefreshAsync();
    }

    private TPart Add<TPart>(TPart part)
        where TPart : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
