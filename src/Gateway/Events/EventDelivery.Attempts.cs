using System.Diagnostics;
using FathomGateway.Events.Outbox;

namespace FathomGateway.Events;

/// <summary>The attempts, and their end when the process stops.</summary>
internal sealed partial class EventDelivery
{
    /// <summary>How long running attempts may take when the process stops.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long the last results are recorded again while other transactions have their rows locked. The transactions of replicas take
    /// less.
    /// </summary>
    private static readonly TimeSpan LastRecordTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LastRecordPause = TimeSpan.FromMilliseconds(100);

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

        // An attempt that the stop of this process has cancelled is no failure of the receiver, and does not count. Another replica repeats
        // it at once.
        var isCancelledByStop = stopping.IsCancellationRequested && !answer.IsDelivered;
        TimeSpan? pause = answer.IsDelivered ? null
            : isCancelledByStop ? TimeSpan.Zero
            : RetrySchedule.Next(storedEvent.Attempts, storedEvent.Age, answer.RetryAfter);
        var result = new EventResult(storedEvent, answer.Result, pause, IsCounted: !isCancelledByStop);
        if (!isCancelledByStop) Note(result);
        _results.Enqueue(result);
        events.Wake();
    }

    /// <summary>
    /// Waits for the running attempts, cancels them after a time limit, and records them, so that another replica continues at once. A
    /// result whose rows stay locked, or that the database does not take, is not recorded: its lease expires, and its event is delivered
    /// again.
    /// </summary>
    private async Task FinishAttemptsAsync(CancellationTokenSource stopping)
    {
        stopping.CancelAfter(StopTimeout);
        await Task.WhenAll(_attempts.Select(one => one.Task));
        try
        {
            var begun = Stopwatch.GetTimestamp();
            await RecordAndLeaseAsync(default, CancellationToken.None);
            while (_unrecorded.Count > 0 && Stopwatch.GetElapsedTime(begun) < LastRecordTimeout)
            {
                await Task.Delay(LastRecordPause);
                await RecordAndLeaseAsync(default, CancellationToken.None);
            }

            if (_unrecorded.Count > 0) NotRecorded(log, null);
        }
        catch (Exception failure)
        {
            NotRecorded(log, failure);
        }
    }
}
