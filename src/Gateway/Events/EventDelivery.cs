using System.Collections.Concurrent;
using FathomGateway.Telemetry;
using FathomGateway.Tokens;

namespace FathomGateway.Events;

/// <summary>
/// Delivers events as they are written: a few at a time, of one user one after the other. Every replica does; leases in the outbox keep
/// them apart.
/// </summary>
internal sealed partial class EventDelivery(
    EventOutbox outbox, EventSender sender, ConnectionEvents events, GatewayMetrics metrics, TimeProvider clock, ILogger<EventDelivery> log)
    : BackgroundService
{
    /// <summary>Tries at a time, and so connections to the receiver: enough for a thousand events a second at 30 ms each.</summary>
    private const int MostAtOnce = 32;

    /// <summary>What other replicas have written is found by looking. The look is one read by an index.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Tries that fail in a row before a receiver counts as away. One event at a time and a second between two keep a crowd of waiting
    /// events from costing anybody anything, and the first that is delivered ends it.
    /// </summary>
    private const int EnoughFailures = 2 * MostAtOnce;

    /// <summary>At most one line of the log about the receiver, of each kind, in this time.</summary>
    private static readonly TimeSpan SaidEvery = TimeSpan.FromMinutes(1);

    /// <summary>How long tries that are under way get to end when the process stops.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentQueue<EventResult> _results = [];
    private readonly HashSet<Task> _tries = [];
    private readonly List<EventResult> _unrecorded = [];
    private int _failures;
    private long _lastLease;
    private long _saidAt;
    private int _isSaid;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var cut = new CancellationTokenSource();
        await using var looks = clock.CreateTimer(_ => events.Wake(), null, Look, Look);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ExchangeAsync(Room(), cut.Token);
                await events.Signal.ReadAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, deliveries go on. What is not recorded is tried again: a receiver may be told twice, never not at all.
                if (failure is not ConnectionStoreUnavailableException) NotDelivered(log, failure);
                await Task.Delay(Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                // The process stops.
            }
        }

        await EndAsync(cut);
    }

    /// <summary>How many events may be begun now.</summary>
    private int Room()
    {
        _tries.RemoveWhere(one => one.IsCompleted);
        if (Volatile.Read(ref _failures) < EnoughFailures) return MostAtOnce - _tries.Count;
        return _tries.Count == 0 && clock.GetElapsedTime(_lastLease) >= Look ? 1 : 0;
    }

    private async Task ExchangeAsync(int room, CancellationToken cut)
    {
        while (_results.TryDequeue(out var result)) _unrecorded.Add(result);
        if (room > 0) _lastLease = clock.GetTimestamp();
        var leased = await outbox.ExchangeAsync(_unrecorded, room, CancellationToken.None);
        _unrecorded.Clear();
        foreach (var told in leased) _tries.Add(Task.Run(() => TryAsync(told, cut), CancellationToken.None));
    }

    private async Task TryAsync(StoredEvent told, CancellationToken cut)
    {
        EventAnswer answer;
        try
        {
            answer = await sender.SendAsync(told, cut);
        }
        catch (Exception failure)
        {
            if (!cut.IsCancellationRequested) NotDelivered(log, failure);
            answer = new EventAnswer(cut.IsCancellationRequested ? "the gateway stopped" : "not sent", null);
        }

        // One that the stop of this process has cut off says nothing about its receiver: another replica tries at once.
        var isCut = cut.IsCancellationRequested && !answer.IsDelivered;
        TimeSpan? pause = answer.IsDelivered ? null : isCut ? TimeSpan.Zero : RetrySchedule.Next(told.Attempts, told.Age, answer.RetryAfter);
        if (!isCut) Note(told, answer, rests: !answer.IsDelivered && pause is null);
        _results.Enqueue(new EventResult(told.Seq, told.UserId, answer.Result, pause));
        events.Wake();
    }

    private void Note(StoredEvent told, EventAnswer answer, bool rests)
    {
        metrics.EventTried(answer.IsDelivered ? "delivered" : rests ? "rested" : "failed");
        if (answer.IsDelivered)
        {
            if (Interlocked.Exchange(ref _failures, 0) > 0 && Interlocked.Exchange(ref _isSaid, 0) == 1) ReceiverAnswers(log);
            return;
        }

        if (Interlocked.Increment(ref _failures) == 1 && MaySay()) ReceiverFails(log, answer.Result!);
        if (rests) Rests(log, told.Id, answer.Result!);
    }

    /// <summary>A receiver that takes some events and refuses others is told of once a minute.</summary>
    private bool MaySay()
    {
        var now = clock.GetTimestamp();
        var last = Interlocked.Read(ref _saidAt);
        if (last != 0 && clock.GetElapsedTime(last, now) < SaidEvery) return false;
        Interlocked.Exchange(ref _saidAt, now);
        Interlocked.Exchange(ref _isSaid, 1);
        return true;
    }

    /// <summary>What is under way ends or is cut off; both are recorded, so that another replica goes on at once.</summary>
    private async Task EndAsync(CancellationTokenSource cut)
    {
        cut.CancelAfter(StopPatience);
        await Task.WhenAll(_tries);
        try
        {
            await ExchangeAsync(room: 0, CancellationToken.None);
        }
        catch (Exception failure)
        {
            NotRecorded(log, failure);
            // The leases run out, and the events are delivered again.
        }
    }
}
