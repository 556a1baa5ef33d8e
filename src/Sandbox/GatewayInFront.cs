using System.Diagnostics.Metrics;
using FathomGateway.Hosting;
using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Show;

namespace FathomGateway.Sandbox;

/// <summary>The real gateway, running in this process.</summary>
internal sealed class GatewayInFront : IAsyncDisposable
{
    /// <summary>The argument that chooses its port.</summary>
    public const string PortOption = "--gateway-port";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IHost _host;
    private readonly GatewayHops? _watching;

    private GatewayInFront(IHost host, Hops? hops)
    {
        _host = host;
        _watching = hops is null ? null : new GatewayHops(hops, host.Services.GetRequiredService<IMeterFactory>());
    }

    /// <summary>The internal listener, where the backend asks.</summary>
    public Uri Internal => new($"http://127.0.0.1:{_host.Services.GetRequiredService<ListenerPorts>().Internal}");

    /// <summary>Starts the gateway. Throws <see cref="PortUnavailableException"/> when its public port cannot be bound.</summary>
    public static async Task<GatewayInFront> StartAsync(IConfiguration configuration, int port, CancellationToken cancellation, Hops? hops = null)
    {
        var host = FathomGateway.Program.Build(configuration);
        try
        {
            await host.StartAsync(cancellation);
            return new GatewayInFront(host, hops);
        }
        catch (Exception exception)
        {
            host.Dispose();
            if (Binding.Failed(exception))
                throw new PortUnavailableException(port, PortOption, exception);
            throw;
        }
    }

    /// <summary>Stops it within a second, whatever a browser still holds open.</summary>
    public async ValueTask DisposeAsync()
    {
        _watching?.Dispose();
        using var patience = new CancellationTokenSource(Patience);
        await _host.StopAsync(patience.Token);
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            _host.Dispose();
    }
}
