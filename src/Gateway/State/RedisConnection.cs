using StackExchange.Redis;

namespace FathomGateway.State;

/// <summary>The one connection to Redis, shared by all requests. It is begun at the start, and mended by the client library whenever it breaks.</summary>
internal sealed class RedisConnection(ConfigurationOptions options, ILoggerFactory logs) : IHostedService, IAsyncDisposable
{
    private readonly Lazy<Task<ConnectionMultiplexer>> _multiplexer = new(() =>
    {
        options.LoggerFactory = logs;
        return ConnectionMultiplexer.ConnectAsync(options);
    });

    /// <exception cref="StateStoreUnavailableException">The first attempt to connect is still under way after the time one command may take.</exception>
    public async Task<IDatabase> DatabaseAsync(CancellationToken cancel)
    {
        try
        {
            var multiplexer = await _multiplexer.Value.WaitAsync(RedisAddress.OperationTimeout, cancel);
            return multiplexer.GetDatabase();
        }
        catch (Exception failure) when (failure is TimeoutException or RedisException)
        {
            throw new StateStoreUnavailableException("Redis is not connected yet.", failure);
        }
    }

    /// <summary>Begins to connect and does not wait: proxying must not depend on Redis.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = _multiplexer.Value;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_multiplexer is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) await _multiplexer.Value.Result.DisposeAsync();
    }
}
