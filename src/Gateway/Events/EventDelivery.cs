using System.Collections.Concurrent;
using System.Diagnostics;
using FathomGateway.Telemetry;
using FathomGateway.Tokens;

namespace FathomGateway.Events;

/// <summary>
/// Delivers events: several at a time, and those of one user one after the other. Every replica does it; leases in the outbox keep the
/// replicas apart.
/// </summary>
internal sealed partial class EventDelivery(
    EventOutbox outbox, EventSender sender, ConnectionEvents events, GatewayMetrics metrics, TimeProvider clock, ILogger<EventDelivery> log)
    : BackgroundService
{
    /// <summary>
    /// Concurrent attempts, and connections to the receiver: enough for a thousand events a second of as many users at 30 ms each.
    /// </summary>
    private const int MaxConcurrent = 32;

    /// <summary>Pause between two queries for events that other replicas have written. The query reads an index.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// From one transaction of the outbox to the next, as long as a slot is free. A transaction for each change and each result would take
    /// the database's time from the changes.
    /// </summary>
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Failed attempts in a row after which the receiver counts as down. Then one event per second is tried, so that waiting events cost
    /// little, until one is delivered.
    /// </summary>
    private const int FailureThreshold = 2 * MaxConcurrent;

    /// <summary>How long running attempts may take when the process stops.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    private readonly ConcurrentQueue<EventResult> _results = [];
    private readonly HashSet<Task> _tries = [];
    private readonly List<EventResult> _unrecorded = [];
    private int _failures;
    private long _lastLease;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var cut = new CancellationTokenSource();
        await using var polls = clock.CreateTimer(_ => events.Wake(), null, PollInterval, PollInterval);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var (slots, begun) = (FreeSlots(), Stopwatch.GetTimestamp());
                var leased = await RecordAndLeaseAsync(slots, cut.Token);
                await events.Signal.ReadAsync(stoppingToken);
                if (leased < slots) await GatherAsync(GatherTime - Stopwatch.GetElapsedTime(begun), stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Any exception: deliveries go on. An attempt that is not recorded is repeated: a receiver may get an event twice.
                if (failure is not ConnectionStoreUnavailableException) NotDelivered(log, failure);
                await Task.Delay(PollInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                // The process stops.
            }
        }

        await EndAsync(cut);
    }

    private async Task GatherAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        if (pause > TimeSpan.Zero) await Task.Delay(pause, stoppingToken);
        // The next transaction serves the signals of this time, too.
        events.Signal.TryRead(out _);
    }

    /// <summary>How many attempts may start now.</summary>
    private int FreeSlots()
    {
        _tries.RemoveWhere(one => one.IsCompleted);
        if (Volatile.Read(ref _failures) < FailureThreshold) return MaxConcurrent - _tries.Count;
        return _tries.Count == 0 && clock.GetElapsedTime(_lastLease) >= PollInterval ? 1 : 0;
    }

    /// <returns>The number of events that were leased.</returns>
    private async Task<int> RecordAndLeaseAsync(int slots, CancellationToken cut)
    {
        while (_results.TryDequeue(out var result)) _unrecorded.Add(result);
        if (slots > 0) _lastLease = clock.GetTimestamp();
        var leased = await outbox.RecordAndLeaseAsync(_unrecorded, slots, CancellationToken.None);
        _unrecorded.Clear();
        foreach (var storedEvent in leased) _tries.Add(Task.Run(() => TryAsync(storedEvent, cut), CancellationToken.None));
        return leased.Count;
    }

    private async Task TryAsync(StoredEvent storedEvent, CancellationToken cut)
    {
        EventAnswer answer;
        try
        {
            answer = await sender.SendAsync(storedEvent, cut);
        }
        catch (Exception failure)
        {
            if (!cut.IsCancellationRequested) NotDelivered(log, failure);
            answer = new EventAnswer(cut.IsCancellationRequested ? "the gateway stopped" : "not sent", null);
        }

        // An attempt that the stop of this process cut off says nothing about the receiver: another replica repeats it at once.
        var isCut = cut.IsCancellationRequested && !answer.IsDelivered;
        TimeSpan? pause = answer.IsDelivered ? null
            : isCut ? TimeSpan.Zero
            : RetrySchedule.Next(storedEvent.Attempts, storedEvent.Age, answer.RetryAfter);
        if (!isCut) Note(storedEvent, answer, isLast: !answer.IsDelivered && pause is null);
        _results.Enqueue(new EventResult(storedEvent.Seq, storedEvent.UserId, answer.Result, pause));
        events.Wake();
    }

    private void Note(StoredEvent storedEvent, EventAnswer answer, bool isLast)
    {
        metrics.EventTried(answer.IsDelivered ? "delivered" : isLast ? "rested" : "failed");
        if (answer.IsDelivered)
        {
            if (Interlocked.Exchange(ref _failures, 0) > 0 && Interlocked.Exchange(ref _isLogged, 0) == 1) ReceiverAnswers(log);
            return;
        }

        if (Interlocked.Increment(ref _failures) == 1 && MayLog()) ReceiverFails(log, answer.Result!);
        if (isLast) Rests(log, storedEvent.Id, answer.Result!);
    }

    /// <summary>Running attempts end or are cut off. Both are recorded, so that another replica goes on at once.</summary>
    private async Task EndAsync(CancellationTokenSource cut)
    {
        cut.CancelAfter(StopTimeout);
        await Task.WhenAll(_tries);
        try
        {
            await RecordAndLeaseAsync(slots: 0, CancellationToken.None);
        }
        catch (Exception failure)
        {
            NotRecorded(log, failure);
            // The leases run out, and the events are delivered again.
        }
    }
}
