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

    /// <summary>One line of log an outage, not one a question.</summary>
    private volatile bool _isAway;

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
            if (_isAway) ComeBack();
            return answer;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            if (failure is TimeoutException) Missed();
            if (!_isAway) GoAway(failure);
            throw new StateStoreUnavailableException("Redis did not answer.", failure, RedisFaults.MayHaveBeenSent(failure));
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
        _ = ProbeAsync();
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
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>A wrong password is to be in the log at the start, and not only when the first user comes.</summary>
    private async Task ProbeAsync()
    {
        try
        {
            await Current();
            await AskAsync(database => database.PingAsync(), CancellationToken.None);
        }
        catch (Exception failure) when (failure is StateStoreUnavailableException or RedisException)
        {
            GoAway(failure);
        }
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

    private void GoAway(Exception failure)
    {
        _isAway = true;
        if (RedisFaults.IsRefusal(failure)) Refused(_log);
        else Away(_log, RedisFaults.Describe(failure));
    }

    private void ComeBack()
    {
        _isAway = false;
        Back(_log);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis has not answered for {Seconds} s; a new connection is made.")]
    private static partial void Silent(ILogger log, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Redis refuses to let us in: check user and password of REDIS_URL. Nobody can connect until then; proxying goes on.")]
    private static partial void Refused(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis cannot serve ({Failure}); connecting waits, proxying goes on.")]
    private static partial void Away(ILogger log, string failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis serves again.")]
    private static partial void Back(ILogger log);
}
