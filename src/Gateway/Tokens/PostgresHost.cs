using System.Diagnostics;
using Npgsql;

namespace FathomGateway.Tokens;

/// <summary>One PostgreSQL server: its pool, and what is known of it.</summary>
/// <param name="isOnly">Whether there is no other: then there is nothing to choose, however slow it is.</param>
/// <param name="suits">SQL that tells whether this server is wanted; null where any is.</param>
/// <param name="recheck">How long the answer is believed.</param>
internal sealed class PostgresHost(NpgsqlDataSource pool, bool isOnly, string? suits, TimeSpan recheck) : IAsyncDisposable
{
    /// <summary>
    /// How long a server that has not answered in time is left alone while another one serves: each look at it costs somebody the wait.
    /// </summary>
    public static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one of several servers may take for a connection before the next is tried: two of them fit into the three seconds that a
    /// proof may take. A server that is far away takes half a second with TLS.
    /// </summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1.25);

    private readonly Lock _gate = new();
    private long? _silentSince, _askedAt;
    private bool _suits;

    /// <summary>The pool itself, for the migration library.</summary>
    public NpgsqlDataSource Pool => pool;

    /// <summary>Whether it has not answered in time, and that was a short while ago.</summary>
    public bool IsSilent
    {
        get
        {
            lock (_gate) return _silentSince is { } since && Stopwatch.GetElapsedTime(since) < LeftAlone;
        }
    }

    /// <summary>A connection, or null where the server is not the one that is wanted (a standby).</summary>
    /// <param name="isHurried">Whether another server may be tried when this one is slow.</param>
    /// <exception cref="NpgsqlException">It cannot be reached, or does not answer in time.</exception>
    public async Task<NpgsqlConnection?> OpenAsync(bool isHurried, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (isHurried) limit.CancelAfter(ConnectTimeout);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await pool.OpenConnectionAsync(limit.Token);
            if (await SuitsAsync(connection, limit.Token)) return connection;
        }
        catch (Exception failure) when (IsSlow(failure) && !cancel.IsCancellationRequested)
        {
            if (connection is not null) await connection.DisposeAsync();
            LeaveAlone();
            throw new NpgsqlException("A server did not answer in time.", new TimeoutException("No answer in time.", failure));
        }
        catch when (connection is not null)
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>It has not answered in time: the next connections go to the others, and its pooled ones are worth nothing.</summary>
    public void LeaveAlone()
    {
        if (isOnly) return;
        lock (_gate) (_silentSince, _askedAt) = (Stopwatch.GetTimestamp(), null);
        pool.Clear();
    }

    /// <summary>Its role has changed, or its connections are dead: both are looked at anew.</summary>
    public void Forget()
    {
        lock (_gate) _askedAt = null;
        pool.Clear();
    }

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    /// <summary>Whether an exception stands for an answer that did not come in time.</summary>
    public static bool IsSlow(Exception failure) =>
        failure is OperationCanceledException or TimeoutException or NpgsqlException { InnerException: TimeoutException };

    private async ValueTask<bool> SuitsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (suits is null) return true;
        lock (_gate)
        {
            if (_askedAt is { } at && Stopwatch.GetElapsedTime(at) < recheck) return _suits;
        }

        await using var command = new NpgsqlCommand(suits, connection);
        var answer = await command.ExecuteScalarAsync(cancel) is true;
        lock (_gate) (_suits, _askedAt, _silentSince) = (answer, Stopwatch.GetTimestamp(), null);
        return answer;
    }
}
