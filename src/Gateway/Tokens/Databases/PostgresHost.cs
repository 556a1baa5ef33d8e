using System.Diagnostics;
using Npgsql;

namespace FathomGateway.Tokens.Databases;

/// <summary>One PostgreSQL server: its pool, and what is known of it.</summary>
internal sealed class PostgresHost : IAsyncDisposable
{
    /// <summary>How long a server that has not answered in time is tried last: each attempt costs a caller the wait.</summary>
    public static readonly TimeSpan UnavailablePeriod = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one of several servers may take for a connection before the next is tried: two of them fit into the three seconds that a
    /// proof may take. A server that is far away takes half a second with TLS.
    /// </summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1.25);

    /// <summary>How long to wait for a connection that somebody else has.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private const string Unwanted = "The server is not the one that takes writes.";

    private readonly bool _isOnly;
    private readonly TimeSpan _recheck;
    private readonly SemaphoreSlim _slots;
    private readonly Lock _gate = new();
    private long? _unavailableSince, _unwantedSince;

    /// <param name="isOnly">Whether there is no other: then there is nothing to choose, however slow it is.</param>
    /// <param name="roleQuery">
    /// SQL that tells whether this server is wanted; null where any is. It is asked once for each connection: who becomes a standby has
    /// restarted, and who is set to read only refuses the next write.
    /// </param>
    /// <param name="recheck">How long a server that is not wanted is left alone.</param>
    public PostgresHost(NpgsqlDataSourceBuilder builder, bool isOnly, string? roleQuery, TimeSpan recheck)
    {
        (_isOnly, _recheck) = (isOnly, recheck);
        var connections = builder.ConnectionStringBuilder.MaxPoolSize;
        _slots = new SemaphoreSlim(connections, connections);
        if (roleQuery is not null)
        {
            // Only the migration library opens connections synchronously: to a server that has just been asked.
            builder.UsePhysicalConnectionInitializer(_ => { }, async connection =>
            {
                await using var command = new NpgsqlCommand(roleQuery, connection);
                NoteRole(await command.ExecuteScalarAsync() is true);
            });
        }

        Pool = builder.Build();
    }

    /// <summary>The pool itself, for the migration library.</summary>
    public NpgsqlDataSource Pool { get; }

    /// <summary>Whether it has not answered in time, and that was a short while ago.</summary>
    public bool IsUnavailable => IsWithin(ref _unavailableSince, UnavailablePeriod);

    /// <summary>A connection, to be disposed of.</summary>
    /// <param name="hasAlternative">Whether another server may be tried when this one is slow.</param>
    /// <exception cref="NpgsqlException">It cannot be reached, does not answer in time, or is not wanted (a standby).</exception>
    public async Task<PostgresSession> OpenAsync(bool hasAlternative, CancellationToken cancel)
    {
        if (IsWithin(ref _unwantedSince, _recheck)) throw new NpgsqlException(Unwanted);
        // In front of the pool: waiting for a slot must not be taken for a server that does not answer.
        if (!await _slots.WaitAsync(hasAlternative ? ConnectTimeout : LongestWait, cancel))
        {
            throw new NpgsqlException("All connections are in use.");
        }

        try
        {
            return new PostgresSession(this, await ConnectAsync(hasAlternative, cancel), _slots);
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    /// <summary>It has not answered in time: the next connections go to the others, and its pooled ones are worth nothing.</summary>
    public void MarkUnavailable()
    {
        if (_isOnly) return;
        lock (_gate) _unavailableSince = Stopwatch.GetTimestamp();
        Pool.Clear();
    }

    /// <summary>Its role has changed, or its connections are dead: both are looked at anew.</summary>
    public void Reset()
    {
        lock (_gate) _unwantedSince = null;
        Pool.Clear();
    }

    /// <summary>The slots are not disposed: a statement that was given up may still come back for its own.</summary>
    public ValueTask DisposeAsync() => Pool.DisposeAsync();

    /// <summary>Whether an exception stands for an answer that did not come in time.</summary>
    public static bool IsSlow(Exception failure) =>
        failure is OperationCanceledException or TimeoutException or NpgsqlException { InnerException: TimeoutException };

    private async Task<NpgsqlConnection> ConnectAsync(bool hasAlternative, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (hasAlternative) limit.CancelAfter(ConnectTimeout);
        var connecting = Pool.OpenConnectionAsync(limit.Token).AsTask();
        try
        {
            // The driver itself waits for longer: for the server to hear that it need not answer.
            return await connecting.WaitAsync(limit.Token);
        }
        catch (Exception failure)
        {
            _ = CloseAsync(connecting);
            if (!IsSlow(failure) || cancel.IsCancellationRequested) throw;
            MarkUnavailable();
            throw new NpgsqlException("A server did not answer in time.", new TimeoutException("No answer in time.", failure));
        }
    }

    private static async Task CloseAsync(Task<NpgsqlConnection> connecting)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully) await connecting.Result.DisposeAsync();
    }

    private void NoteRole(bool isWanted)
    {
        // That it has not answered in time stays noted: this answer may be the late one.
        lock (_gate) _unwantedSince = isWanted ? null : Stopwatch.GetTimestamp();
        if (!isWanted) throw new NpgsqlException(Unwanted);
    }

    private bool IsWithin(ref long? since, TimeSpan period)
    {
        lock (_gate) return since is { } at && Stopwatch.GetElapsedTime(at) < period;
    }
}
