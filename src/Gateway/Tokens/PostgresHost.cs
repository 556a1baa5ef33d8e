using System.Diagnostics;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>One PostgreSQL server: its pool, and what is known of it.</summary>
/// <param name="isOnly">Whether there is no other: then there is nothing to choose, however slow it is.</param>
/// <param name="roleQuery">SQL that tells whether this server is wanted; null where any is.</param>
/// <param name="recheck">How long the answer is believed.</param>
/// <param name="connections">How many connections it is given at once.</param>
internal sealed class PostgresHost(NpgsqlDataSource pool, bool isOnly, string? roleQuery, TimeSpan recheck, int connections) : IAsyncDisposable
{
    /// <summary>
    /// How long a server that has not answered in time is tried last while another one serves: each attempt costs a caller the wait.
    /// </summary>
    public static readonly TimeSpan UnavailablePeriod = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one of several servers may take for a connection before the next is tried: two of them fit into the three seconds that a
    /// proof may take. A server that is far away takes half a second with TLS.
    /// </summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1.25);

    /// <summary>How long to wait for a connection that somebody else has.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _slots = new(connections, connections);
    private readonly Lock _gate = new();
    private long? _unavailableSince, _askedAt;
    private bool _isWanted;

    /// <summary>The pool itself, for the migration library.</summary>
    public NpgsqlDataSource Pool => pool;

    /// <summary>Whether it has not answered in time, and that was a short while ago.</summary>
    public bool IsUnavailable
    {
        get
        {
            lock (_gate) return _unavailableSince is { } since && Stopwatch.GetElapsedTime(since) < UnavailablePeriod;
        }
    }

    /// <summary>A connection, or null where the server is not the one that is wanted (a standby).</summary>
    /// <param name="hasAlternative">Whether another server may be tried when this one is slow.</param>
    /// <exception cref="NpgsqlException">It cannot be reached, or does not answer in time.</exception>
    public async Task<PostgresSession?> OpenAsync(bool hasAlternative, CancellationToken cancel)
    {
        // In front of the pool: waiting for a slot must not be taken for a server that does not answer.
        if (!await _slots.WaitAsync(hasAlternative ? ConnectTimeout : LongestWait, cancel)) throw new NpgsqlException("All connections are in use.");
        PostgresSession? session = null;
        try
        {
            session = await OpenOnceAsync(hasAlternative, cancel);
        }
        catch (NpgsqlException broken) when (roleQuery is not null && PostgresFaults.IsBrokenConnection(broken))
        {
            // It was dead in the pool and did not know it, which the question for the role has shown. The driver has dropped the others like it.
            session = await OpenOnceAsync(hasAlternative, cancel);
        }
        finally
        {
            if (session is null) _slots.Release();
        }

        return session;
    }

    private async Task<PostgresSession?> OpenOnceAsync(bool hasAlternative, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (hasAlternative) limit.CancelAfter(ConnectTimeout);
        NpgsqlConnection? connection = null;
        var asking = Task.FromResult(true);
        try
        {
            connection = await pool.OpenConnectionAsync(limit.Token);
            asking = IsWantedAsync(connection, limit.Token);
            // The driver itself waits for longer: for the server to hear that it need not answer.
            if (await asking.WaitAsync(limit.Token)) return new PostgresSession(this, connection, _slots);
        }
        catch (Exception failure) when (IsSlow(failure) && !cancel.IsCancellationRequested)
        {
            if (connection is not null) _ = EndAsync(connection, asking);
            MarkUnavailable();
            throw new NpgsqlException("A server did not answer in time.", new TimeoutException("No answer in time.", failure));
        }
        catch when (connection is not null)
        {
            _ = EndAsync(connection, asking);
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    private static async Task EndAsync(NpgsqlConnection connection, Task asking)
    {
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
    }

    /// <summary>It has not answered in time: the next connections go to the others, and its pooled ones are worth nothing.</summary>
    public void MarkUnavailable()
    {
        if (isOnly) return;
        lock (_gate) (_unavailableSince, _askedAt) = (Stopwatch.GetTimestamp(), null);
        pool.Clear();
    }

    /// <summary>Its role has changed, or its connections are dead: both are looked at anew.</summary>
    public void Reset()
    {
        lock (_gate) _askedAt = null;
        pool.Clear();
    }

    public ValueTask DisposeAsync()
    {
        // The slots are not disposed: a statement that was given up may still come back for its own.
        return pool.DisposeAsync();
    }

    /// <summary>Whether an exception stands for an answer that did not come in time.</summary>
    public static bool IsSlow(Exception failure) =>
        failure is OperationCanceledException or TimeoutException or NpgsqlException { InnerException: TimeoutException };

    private async Task<bool> IsWantedAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (roleQuery is null) return true;
        lock (_gate)
        {
            if (_askedAt is { } at && Stopwatch.GetElapsedTime(at) < recheck) return _isWanted;
        }

        await using var command = new NpgsqlCommand(roleQuery, connection);
        var answer = await command.ExecuteScalarAsync(cancel) is true;
        lock (_gate) (_isWanted, _askedAt, _unavailableSince) = (answer, Stopwatch.GetTimestamp(), null);
        return answer;
    }
}
