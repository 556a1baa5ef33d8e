using System.Collections.Concurrent;
using System.Diagnostics;
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
    private const int MaxConcurrent = 32;

    /// <summary>Pause between two queries for events that other replicas have written. The query reads an index.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// From one transaction of the outbox to the next, while a slot is free. One transaction for each change and each result would slow
    /// down the changes in the database.
    /// </summary>
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Failed attempts in a row after which the receiver counts as down. Then one event a second is tried until one is delivered, so that
    /// waiting events cost little.
    /// </summary>
    private const int FailureThreshold = 2 * MaxConcurrent;

    /// <summary>How long running attempts may take when the process stops.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    private readonly ConcurrentQueue<EventResult> _results = [];
    private readonly HashSet<Task> _attempts = [];
    private readonly List<EventResult> _unrecorded = [];
    private int _failures;
    private long _lastLease;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = new CancellationTokenSource();
        await using var polls = clock.CreateTimer(_ => events.Wake(), null, PollInterval, PollInterval);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var (slots, begun) = (FreeSlots(), Stopwatch.GetTimestamp());
                var leased = await RecordAndLeaseAsync(slots, stopping.Token);
                await events.Signal.ReadAsync(stoppingToken);
                if (leased < slots) await WaitForBatchAsync(BatchInterval - Stopwatch.GetElapsedTime(begun), stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Any exception: deliveries continue. An attempt that is not recorded is repeated, so a receiver may get an event twice.
                if (failure is not ConnectionStoreUnavailableException) NotDelivered(log, failure);
                await Task.Delay(PollInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                // The process stops.
            }
        }

        await FinishAttemptsAsync(stopping);
    }

    private async Task WaitForBatchAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        if (pause > TimeSpan.Zero) await Task.Delay(pause, stoppingToken);
        // The next transaction serves the signals of this time, too.
        events.Signal.TryRead(out _);
    }

    /// <summary>How many attempts may start now.</summary>
    private int FreeSlots()
    {
        _attempts.RemoveWhere(one => one.IsCompleted);
        if (Volatile.Read(ref _failures) < FailureThreshold) return MaxConcurrent - _attempts.Count;
        return _attempts.Count == 0 && clock.GetElapsedTime(_lastLease) >= PollInterval ? 1 : 0;
    }

    /// <param name="stopping">Cancels the attempts that are started.</param>
    /// <returns>The number of events that were leased.</returns>
    private async Task<int> RecordAndLeaseAsync(int slots, CancellationToken stopping)
    {
        while (_results.TryDequeue(out var result)) _unrecorded.Add(result);
        if (slots > 0) _lastLease = clock.GetTimestamp();
        var leased = await outbox.RecordAndLeaseAsync(_unrecorded, slots, CancellationToken.None);
        _unrecorded.Clear();
        foreach (var storedEvent in leased) _attempts.Add(Task.Run(() => TryAsync(storedEvent, stopping), CancellationToken.None));
        return leased.Count;
    }

    private async Task TryAsync(StoredEvent storedEvent, CancellationToken stopping)
    {
        EventAnswer answer;
        try
        {
            answer = await sender.SendAsync(storedEvent, stopping);
        }
        catch (Exception failure)
        {
            if (!stopping.IsCancellationRequested) NotDelivered(log, failure);
            answer = new EventAnswer(stopping.IsCancellationRequested ? "the gateway stopped" : "not sent", null);
        }

        // An attempt that the stop of this process has cancelled is no failure of the receiver. Another replica repeats it at once.
        var isCancelledByStop = stopping.IsCancellationRequested && !answer.IsDelivered;
        TimeSpan? pause = answer.IsDelivered ? null
            : isCancelledByStop ? TimeSpan.Zero
            : RetrySchedule.Next(storedEvent.Attempts, storedEvent.Age, answer.RetryAfter);
        if (!isCancelledByStop) Note(storedEvent, answer, isLast: !answer.IsDelivered && pause is null);
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
        if (isLast) RetriesEnded(log, storedEvent.Id, answer.Result!);
    }

    /// <summary>
    /// Waits for the running attempts, cancels them after a time limit, and records all, so that another replica continues at once.
    /// </summary>
    private async Task FinishAttemptsAsync(CancellationTokenSource stopping)
    {
        stopping.CancelAfter(StopTimeout);
        await Task.WhenAll(_attempts);
        try
        {
            await RecordAndLeaseAsync(slots: 0, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // The leases expire, and the events are delivered again.
            NotRecorded(log, failure);
        }
    }
}
