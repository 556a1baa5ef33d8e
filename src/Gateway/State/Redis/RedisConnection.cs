using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>
/// The connection to Redis, which all requests share. The client library reconnects after a break. This class replaces a connection that
/// does not answer, or that could not be made.
/// </summary>
internal sealed class RedisConnection(ConfigurationOptions options, TimeProvider time, ILoggerFactory logs)
    : IHostedService, IAsyncDisposable
{
    /// <summary>A connection can break without a signal. The client library usually detects this. The kernel takes 15 minutes.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(2);

    public ConfigurationOptions Options => options;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly RedisOutageLog _outage = new(logs.CreateLogger<RedisConnection>());
    private Task<ConnectionMultiplexer>? _multiplexer;

    /// <summary>Timestamp of the first timeout since the last answer; 0 after an answer.</summary>
    private long _silentSince;

    /// <summary>Sends one command. The time without an answer is measured over all commands that are sent this way.</summary>
    /// <exception cref="StateStoreUnavailableException">No answer in <see cref="RedisAddress.OperationTimeout"/>, or an error.</exception>
    public async Task<T> ExecuteAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancel = default)
    {
        var database = await DatabaseAsync(cancel);
        try
        {
            // The library checks its own timeouts only at each heartbeat, so they come late.
            var answer = await command(database).WaitAsync(RedisAddress.OperationTimeout, cancel);
            Volatile.Write(ref _silentSince, 0);
            _outage.End();
            return answer;
        }
        catch (Exception failure) when (RedisFaults.IsOne(failure))
        {
            // An error response proves that the connection works.
            if (failure is RedisServerException) Volatile.Write(ref _silentSince, 0);
            if (failure is TimeoutException) ReconnectIfSilent();
            _outage.Note(failure);
            throw new StateStoreUnavailableException("Redis did not answer.", failure, RedisFaults.MayHaveBeenSent(failure));
        }
    }

    /// <exception cref="StateStoreUnavailableException">Not connected within the time that one command may take.</exception>
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

    /// <summary>Starts to connect and does not wait: proxying must not depend on Redis.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = ProbeAsync();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // The token source is not disposed, because a running probe may still read its token.
        await _stopping.CancelAsync();
        if (_multiplexer is { IsCompletedSuccessfully: true }) await _multiplexer.Result.DisposeAsync();
    }

    /// <summary>The connection. After a failed attempt, such as one without an answer of a sentinel, this starts another.</summary>
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

    /// <summary>Sends commands until one is answered, so that a wrong password is logged before the first user comes.</summary>
    private async Task ProbeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await ExecuteAsync(database => database.PingAsync(), _stopping.Token);
                return;
            }
            catch (Exception failure) when (!_stopping.IsCancellationRequested)
            {
                _outage.Note(failure);
                if (await IsRefusedAsync()) _outage.NoteRefusal();
                await Task.Delay(ProbePause, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Whether Redis refuses the login. The shared connection does not report that. A connection that gives up at the first failure does.
    /// </summary>
    private async Task<bool> IsRefusedAsync() =>
        await RedisTestConnection.RunAsync(options, own => own.AbortOnConnectFail = true, _stopping.Token) is { } failure
            && RedisFaults.IsRefusal(failure);

    private void ReconnectIfSilent()
    {
        ConnectionMultiplexer? former;
        lock (_gate)
        {
            var since = Interlocked.CompareExchange(ref _silentSince, time.GetTimestamp(), 0);
            var isFirstTimeout = since == 0;
            if (isFirstTimeout || time.GetElapsedTime(since) < MaxSilence) return;
            if (_multiplexer is not { IsCompletedSuccessfully: true } current) return;
            former = current.Result;
            Volatile.Write(ref _silentSince, 0);
            _multiplexer = ConnectAsync();
        }

        _outage.NoteSilence(MaxSilence);
        _ = CloseAsync(former);
    }

    /// <summary>Closes without waiting for commands. The disposal also ends the library's connections to the sentinels.</summary>
    private static async Task CloseAsync(ConnectionMultiplexer former)
    {
        await using var _ = former;
        await former.CloseAsync(allowCommandsToComplete: false);
    }
}
