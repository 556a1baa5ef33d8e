using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Sandbox.Hosting;

/// <summary>A small web server on 127.0.0.1 that reads no file and no environment variable, and writes no log.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app) => _app = app;

    /// <summary>Scheme, host and port, known once the server has started.</summary>
    public Uri Address
    {
        get
        {
            var features = _app.Services.GetRequiredService<IServer>().Features;
            return new Uri(features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        }
    }

    /// <summary>Starts a server on <paramref name="port"/> (0: a free one) with the given services and routes.</summary>
    public static async Task<LoopbackServer> StartAsync(
        int port, Action<IServiceCollection> services, Action<WebApplication> routes, CancellationToken cancellation)
    {
        // The empty builder, not the slim one: ASPNETCORE_URLS or Kestrel__Endpoints__… of the user's machine must have no effect here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        services(builder.Services);

        var app = builder.Build();
        routes(app);
        try
        {
            await app.StartAsync(cancellation);
            return new LoopbackServer(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops within a second, even with idle keep-alive connections of a browser.</summary>
    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(StopTimeout);
        await _app.StopAsync(timeout.Token);
        await _app.DisposeAsync();
    }
}
