using FathomGateway.Hosting;
using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox;

/// <summary>The real gateway, running in this process.</summary>
internal sealed class GatewayInFront : IAsyncDisposable
{
    /// <summary>The argument that chooses its port.</summary>
    public const string PortOption = "--gateway-port";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IHost _host;

    private GatewayInFront(IHost host) => _host = host;

    /// <summary>The internal listener, where the backend asks.</summary>
    public Uri Internal => new($"http://127.0.0.1:{_host.Services.GetRequiredService<ListenerPorts>().Internal}");

    /// <summary>Starts the gateway. Throws <see cref="PortUnavailableException"/> when its public port cannot be bound.</summary>
    public static async Task<GatewayInFront> StartAsync(IConfiguration configuration, int port, CancellationToken cancellation)
    {
        var host = FathomGateway.Program.Build(configuration);
        try
        {
            await host.StartAsync(cancellation);
            return new GatewayInFront(host);
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
        using var patience = new CancellationTokenSource(Patience);
        await _host.StopAsync(patience.Token);
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            _host.Dispose();
    }
}
