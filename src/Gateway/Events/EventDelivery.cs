using System.Collections.Concurrent;
using FathomGateway.Events.Outbox;
using FathomGateway.Telemetry;
using FathomGateway.Tokens;

namespace FathomGateway.Events;

/// <summary>
/// Delivers events. Events of different users are sent concurrently, and events of one user one after the other. Every replica delivers: by
/// its lease in the outbox, a user's queue belongs to one replica at a time.
/// </summary>
internal sealed partial class EventDelivery(
    EventOutbox outbox, EventSender sender, ConnectionEvents events, GatewayMetrics metrics, TimeProvider clock, ILogger<EventDelivery> log)
    : BackgroundService
{
    /// <summary>
    /// Concurrent attempts, each with a connection to the receiver. With as many users, they are enough for a thousand events a second at
    /// 30 ms each.
    /// </summary>
    public const int MaxConcurrent = 32;

    /// <summary>Pause between two queries for events that other replicas have written. The query reads an index.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// From a signal to the next transaction of the outbox, while a slot is free. The changes and results of this time share one, and the
    /// request that made a change gets its answer first.
    /// </summary>
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Failed attempts in a row after which the receiver counts as down. Then two events a second are tried until one is delivered, so
    /// that waiting events cost little: the one that has been due for longest, and the newest that was never tried. A receiver that
    /// refuses the events of many users, and takes others, gets a new event soon.
    /// </summary>
    private const int FailureThreshold = 2 * MaxConcurrent;

    /// <summary>
    /// Results that are not recorded yet, because another transaction has locked their rows or the database does not serve. With as many,
    /// nothing more is leased, so that their number is bounded, and so are the attempts that are repeated because their results could not
    /// be recorded.
    /// </summary>
    private const int MaxUnrecorded = 8 * MaxConcurrent;

    private readonly ConcurrentQueue<EventResult> _results = [];
    private readonly List<(Task Task, bool IsRetry)> _attempts = [];

    /// <summary>A list that is never changed, only replaced: a transaction that was given up may still read the former one.</summary>
    private IReadOnlyList<EventResult> _unrecorded = [];
    private int _failures;
    private bool _isPollDue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = new CancellationTokenSource();
        await using var polls = clock.CreateTimer(_ => Poll(), null, PollInterval, PollInterval);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var slots = FreeSlots();
                var leased = await RecordAndLeaseAsync(slots, stopping.Token);
                await events.Signal.ReadAsync(stoppingToken);
                if (leased < slots.Total) await Task.Delay(BatchInterval, stoppingToken);
                // The next transaction serves all signals until now.
                events.Signal.TryRead(out _);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Any exception: deliveries continue. An attempt that is not recorded is repeated, so a receiver may get an event twice.
                NoteFailure(failure);
                await Task.Delay(PollInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                // The process stops.
            }
        }

        await FinishAttemptsAsync(stopping);
    }

    private void Poll()
    {
        Volatile.Write(ref _isPollDue, true);
        events.Wake();
    }

    /// <summary>
    /// How many attempts may start now. While the receiver counts as down, an event that is tried again and hangs delays no new event.
    /// </summary>
    private LeaseLimits FreeSlots()
    {
        _attempts.RemoveAll(one => one.Task.IsCompleted);
        if (_unrecorded.Count >= MaxUnrecorded) return default;
        if (Volatile.Read(ref _failures) < FailureThreshold) return new LeaseLimits(MaxConcurrent - _attempts.Count);
        if (!Volatile.Read(ref _isPollDue)) return default;
        return new LeaseLimits(Due: _attempts.Count == 0 ? 1 : 0, Untried: _attempts.All(one => one.IsRetry) ? 1 : 0);
    }

    /// <param name="stopping">Cancels the attempts that are started.</param>
    /// <returns>The number of events that were leased.</returns>
    private async Task<int> RecordAndLeaseAsync(LeaseLimits slots, CancellationToken stopping)
    {
        List<EventResult> results = [.. _unrecorded];
        while (_results.TryDequeue(out var result)) results.Add(result);
        _unrecorded = results;
        if (slots.Total > 0) Volatile.Write(ref _isPollDue, false);
        var (leased, rested, postponed) = await outbox.RecordAndLeaseAsync(results, slots, CancellationToken.None);
        // Without results and slots the database was not asked.
        if (results.Count + slots.Total > 0 && _store.Succeeds()) StoreServes(log);
        // The next transaction records what is postponed. It follows the next signal, within a second.
        _unrecorded = postponed;
        foreach (var last in results.Where(one => one.IsLast).Except(postponed)) NoteLast(last, isRested: rested.Contains(last));
        foreach (var storedEvent in leased)
        {
            _attempts.Add((Task.Run(() => TryAsync(storedEvent, stopping), CancellationToken.None), storedEvent.Attempts > 0));
        }

        return leased.Count;
    }
}
