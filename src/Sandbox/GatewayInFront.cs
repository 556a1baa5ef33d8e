using FathomGateway.Hosting;
using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Show;
using FathomGateway.State;

namespace FathomGateway.Sandbox;

/// <summary>The real gateway, running in this process.</summary>
internal sealed class GatewayInFront : IAsyncDisposable
{
    /// <summary>The argument that chooses its port.</summary>
    public const string PortOption = "--gateway-port";

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly IHost _host;

    private GatewayInFront(IHost host) => _host = host;

    /// <summary>The internal listener, which the backend calls.</summary>
    public Uri Internal => new($"http://127.0.0.1:{_host.Services.GetRequiredService<ListenerPorts>().Internal}");

    /// <summary>The states in an embedded gateway's memory.</summary>
    public Task<IReadOnlyList<WaitingState>?> ReadStatesAsync() => Task.FromResult<IReadOnlyList<WaitingState>?>(
    [
        .. ((MemoryStateStore)_host.Services.GetRequiredService<IStateStore>()).Waiting()
            .Select(state => new WaitingState(state.Nonce.Text, $"state:{WaitingState.Hidden}", state.Left))
            .OrderBy(state => state.Left),
    ]);

    /// <summary>Starts the gateway. Throws <see cref="PortUnavailableException"/> when its public port cannot be bound.</summary>
    public static async Task<GatewayInFront> StartAsync(
        IConfiguration configuration, int port, CancellationToken cancellation, Watch? watch = null)
    {
        var host = FathomGateway.Program.Build(configuration, logging =>
        {
            // The host of the gateway may add services. This filter reports each request before the gateway handles it.
            if (watch is not null) logging.Services.AddSingleton<IStartupFilter>(new GatewayHops(watch));
        });
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

    /// <summary>Stops it within a second, even with open browser connections.</summary>
    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(StopTimeout);
        await _host.StopAsync(timeout.Token);
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            _host.Dispose();
    }
}
