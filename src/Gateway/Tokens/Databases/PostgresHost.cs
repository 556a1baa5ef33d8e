using System.Diagnostics;
using Npgsql;

namespace FathomGateway.Tokens.Databases;

/// <summary>One PostgreSQL server: its pool, its role, and whether it answers in time.</summary>
internal sealed class PostgresHost : IAsyncDisposable
{
    /// <summary>How long a server that did not answer in time is tried last. Each attempt makes a caller wait.</summary>
    private static readonly TimeSpan UnavailablePeriod = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Time limit of a connection to one of several servers, after which the next one is tried. Two attempts fit into the three seconds of
    /// <see cref="Database.EnsureWritableAsync"/>. A connection with TLS to a distant server takes half a second.
    /// </summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1.25);

    /// <summary>How long a caller waits for a connection while all are in use.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    private const string Unwanted = "The server is not the one that takes writes.";

    private readonly bool _isOnly;
    private readonly TimeSpan _recheck;
    private readonly SemaphoreSlim _slots;
    private readonly Lock _gate = new();
    private long? _unavailableSince, _unwantedSince;

    /// <param name="isOnly">Whether it is the only server. Then it is used however slow it is.</param>
    /// <param name="roleQuery">
    /// SQL that returns whether this server has the wanted role; null where every server has it. It runs once per connection. That is
    /// enough: a server that becomes a standby restarts, and a server that is set to read only refuses the next write.
    /// </param>
    /// <param name="recheck">How long a server with another role is not tried.</param>
    public PostgresHost(NpgsqlDataSourceBuilder builder, bool isOnly, string? roleQuery, TimeSpan recheck)
    {
        (_isOnly, _recheck) = (isOnly, recheck);
        var connections = builder.ConnectionStringBuilder.MaxPoolSize;
        _slots = new SemaphoreSlim(connections, connections);
        if (roleQuery is not null)
        {
            // Only the migration library opens connections synchronously, to a server whose role was just checked.
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

    public PoolerDetection Pooler { get; } = new();

    /// <summary>Whether it did not answer in time within the last <see cref="UnavailablePeriod"/>.</summary>
    public bool IsUnavailable => IsWithin(ref _unavailableSince, UnavailablePeriod);

    /// <summary>A connection, to be disposed of.</summary>
    /// <param name="hasAlternative">Whether another server may be tried when this one is slow.</param>
    /// <exception cref="NpgsqlException">It cannot be reached, does not answer in time, or has another role (a standby).</exception>
    public async Task<PostgresSession> OpenAsync(bool hasAlternative, CancellationToken cancel)
    {
        if (IsWithin(ref _unwantedSince, _recheck)) throw new NpgsqlException(Unwanted);
        // The slots limit the connections before the pool does. So a wait for a free connection is distinguished from a server that does
        // not answer.
        if (!await _slots.WaitAsync(hasAlternative ? ConnectTimeout : MaxWait, cancel))
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

    /// <summary>
    /// Records that an answer did not come in time. The next connections go to the other servers, and the pooled ones are dropped.
    /// </summary>
    public void MarkUnavailable()
    {
        if (_isOnly) return;
        lock (_gate) _unavailableSince = Stopwatch.GetTimestamp();
        Pool.Clear();
    }

    /// <summary>Forgets the role and drops the pooled connections.</summary>
    public void Reset()
    {
        lock (_gate) _unwantedSince = null;
        Pooler.Forget();
        Pool.Clear();
    }

    /// <summary>The slots are not disposed, because a statement that was given up may still release one.</summary>
    public ValueTask DisposeAsync() => Pool.DisposeAsync();

    private async Task<NpgsqlConnection> ConnectAsync(bool hasAlternative, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (hasAlternative) limit.CancelAfter(ConnectTimeout);
        var connecting = Pool.OpenConnectionAsync(limit.Token).AsTask();
        try
        {
            // The driver's own cancellation takes longer, because it waits until the server has received it.
            return await connecting.WaitAsync(limit.Token);
        }
        catch (Exception failure)
        {
            _ = CloseAsync(connecting);
            if (!PostgresFaults.IsSlow(failure) || cancel.IsCancellationRequested) throw;
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
        // The server stays marked as unavailable, because this answer may be the late one.
        lock (_gate) _unwantedSince = isWanted ? null : Stopwatch.GetTimestamp();
        if (!isWanted) throw new NpgsqlException(Unwanted);
    }

    private bool IsWithin(ref long? since, TimeSpan period)
    {
        lock (_gate) return since is { } at && Stopwatch.GetElapsedTime(at) < period;
    }
}
