using StackExchange.Redis;

namespace FathomGateway.State.Redis;

/// <summary>
/// The one connection to Redis, shared by all requests. The client library reconnects when it breaks. A connection that stays silent, or
/// that could not be made, is replaced here.
/// </summary>
internal sealed class RedisConnection(ConfigurationOptions options, TimeProvider time, ILoggerFactory logs)
    : IHostedService, IAsyncDisposable
{
    /// <summary>A connection can die silently. The library detects it as a rule; the kernel takes a quarter of an hour.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(2);

    public ConfigurationOptions Options => options;

    private readonly CancellationTokenSource _ends = new();
    private readonly Lock _gate = new();
    private readonly RedisOutageLog _outage = new(logs.CreateLogger<RedisConnection>());
    private Task<ConnectionMultiplexer>? _multiplexer;

    /// <summary>Timestamp of the first command since the last answer; 0 after an answer.</summary>
    private long _silentSince;

    /// <summary>Sends one command. Silence is measured over all commands that are sent this way.</summary>
    /// <exception cref="StateStoreUnavailableException">No answer in <see cref="RedisAddress.OperationTimeout"/>, or an error.</exception>
    public async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancel = default)
    {
        var database = await DatabaseAsync(cancel);
        try
        {
            // The library checks its own timeouts with its heartbeat, so they come late.
            var answer = await command(database).WaitAsync(RedisAddress.OperationTimeout, cancel);
            Volatile.Write(ref _silentSince, 0);
            _outage.End();
            return answer;
        }
        catch (Exception failure) when (RedisFaults.IsOne(failure))
        {
            // An error is an answer.
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
        // Not disposed: a probe may be about to look at it.
        await _ends.CancelAsync();
        if (_multiplexer is { IsCompletedSuccessfully: true }) await _multiplexer.Result.DisposeAsync();
    }

    /// <summary>After a failed attempt (no sentinel answered, for example) the next command makes another.</summary>
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

    /// <summary>Logs a wrong password at the start, and not only when the first user comes.</summary>
    private async Task ProbeAsync()
    {
        while (!_ends.IsCancellationRequested)
        {
            try
            {
                await AskAsync(database => database.PingAsync(), _ends.Token);
                return;
            }
            catch (Exception failure) when (!_ends.IsCancellationRequested)
            {
                _outage.Note(failure);
                if (await IsRefusedAsync()) _outage.NoteRefusal();
                await Task.Delay(ProbePause, time, _ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>The serving connection does not report that it was refused; one that gives up at the first failure does.</summary>
    private async Task<bool> IsRefusedAsync() =>
        await RedisTestConnection.RunAsync(options, own => own.AbortOnConnectFail = true, _ends.Token) is { } failure
            && RedisFaults.IsRefusal(failure);

    private void ReconnectIfSilent()
    {
        ConnectionMultiplexer? former;
        lock (_gate)
        {
            if (Interlocked.CompareExchange(ref _silentSince, time.GetTimestamp(), 0) is not (not 0 and var since)
                || time.GetElapsedTime(since) < MaxSilence || _multiplexer is not { IsCompletedSuccessfully: true } current) return;
            former = current.Result;
            Volatile.Write(ref _silentSince, 0);
            _multiplexer = ConnectAsync();
        }

        _outage.NoteSilence(MaxSilence);
        _ = EndAsync(former);
    }

    /// <summary>Closing does not wait for commands. Disposing also ends the library's connections to the sentinels.</summary>
    private static async Task EndAsync(ConnectionMultiplexer former)
    {
        await using var _ = former;
        await former.CloseAsync(allowCommandsToComplete: false);
    }
}
