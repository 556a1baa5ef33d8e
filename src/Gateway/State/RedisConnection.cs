using StackExchange.Redis;

namespace FathomGateway.State;

/// <summary>
/// The one connection to Redis, shared by all requests. It is begun at the start and mended by the client library whenever it breaks;
/// one that stays silent, or could not be begun, is replaced.
/// </summary>
internal sealed partial class RedisConnection(ConfigurationOptions options, TimeProvider time, ILoggerFactory logs) : IHostedService, IAsyncDisposable
{
    /// <summary>A connection may die without a word to either side. The library notices as a rule; the kernel takes a quarter of an hour.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly ILogger _log = logs.CreateLogger<RedisConnection>();
    private Task<ConnectionMultiplexer>? _multiplexer;
    /// <summary>When the first of the questions was asked that all have had no answer; 0 after an answer.</summary>
    private long _silentSince;

    /// <summary>Asks Redis one thing.</summary>
    /// <exception cref="StateStoreUnavailableException">No answer within <see cref="RedisAddress.OperationTimeout"/>, or an error for an answer.</exception>
    public async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancel)
    {
        var database = await DatabaseAsync(cancel);
        try
        {
            // The library's own timeouts come with its heartbeat, later than they say.
            var answer = await command(database).WaitAsync(RedisAddress.OperationTimeout, cancel);
            Volatile.Write(ref _silentSince, 0);
            return answer;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            if (failure is TimeoutException) Missed();
            throw new StateStoreUnavailableException("Redis did not answer.", failure, MayHaveBeenSent(failure));
        }
    }

    /// <exception cref="StateStoreUnavailableException">The first attempt to connect is still under way after the time one command may take.</exception>
    public async Task<IDatabase> DatabaseAsync(CancellationToken cancel)
    {
        try
        {
            var multiplexer = await Current().WaitAsync(RedisAddress.OperationTimeout, cancel);
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
        _ = Current();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_multiplexer is { IsCompletedSuccessfully: true }) await _multiplexer.Result.DisposeAsync();
    }

    /// <summary>An attempt that failed altogether (no sentinel answered, for one) is followed by another when somebody asks.</summary>
    private Task<ConnectionMultiplexer> Current()
    {
        lock (_gate)
        {
            if (_multiplexer is null or { IsFaulted: true }) _multiplexer = ConnectAsync();
            return _multiplexer;
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        options.LoggerFactory = logs;
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
        multiplexer.ConnectionFailed += (_, failed) => Note(failed.FailureType);
        foreach (var server in multiplexer.GetServers().Where(one => !one.IsConnected)) Note(ConnectionFailureType.UnableToConnect);
        return multiplexer;
    }

    private void Missed()
    {
        ConnectionMultiplexer? former;
        lock (_gate)
        {
            if (Interlocked.CompareExchange(ref _silentSince, time.GetTimestamp(), 0) is not (not 0 and var since) || time.GetElapsedTime(since) < LongestSilence || _multiplexer is not { IsCompletedSuccessfully: true } current) return;
            former = current.Result;
            Volatile.Write(ref _silentSince, 0);
            _multiplexer = ConnectAsync();
        }

        Silent(_log, LongestSilence.TotalSeconds);
        _ = former.CloseAsync(allowCommandsToComplete: false);
    }

    private void Note(ConnectionFailureType failure)
    {
        if (failure == ConnectionFailureType.AuthenticationFailure) Refused(_log);
        else Broken(_log, failure);
    }

    /// <summary>An error that Redis itself answers means that nothing was done; a connection that was not there, that nothing was sent.</summary>
    private static bool MayHaveBeenSent(Exception failure) => failure switch
    {
        RedisServerException or ObjectDisposedException => false,
        RedisConnectionException { CommandStatus: CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog } => false,
        RedisTimeoutException { Commandstatus: CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog } => false,
        _ => true,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis has not answered for {Seconds} s; a new connection is made.")]
    private static partial void Silent(ILogger log, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Redis refuses to let us in: check user and password of REDIS_URL. Nobody can connect until then; proxying goes on.")]
    private static partial void Refused(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to Redis is broken ({Failure}) and tried again; connecting waits, proxying goes on.")]
    private static partial void Broken(ILogger log, ConnectionFailureType failure);
}
