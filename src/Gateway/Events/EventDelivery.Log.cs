using FathomGateway.Events.Outbox;
using FathomGateway.Tokens;

namespace FathomGateway.Events;

/// <summary>
/// Counts and logs the results of deliveries. Log messages hold no user and no address. An outage is logged once.
/// </summary>
internal sealed partial class EventDelivery
{
    private readonly OutageLogLimit _receiver = new(clock), _store = new(clock);

    private void Note(EventResult result)
    {
        if (!result.IsLast) metrics.EventTried(result.Result is null ? "delivered" : "failed");
        if (result.Result is null)
        {
            Interlocked.Exchange(ref _failures, 0);
            if (_receiver.Succeeds()) ReceiverAnswers(log);
            return;
        }

        Interlocked.Increment(ref _failures);
        if (_receiver.Fails()) ReceiverFails(log, result.Result);
    }

    /// <summary>Called once the result is recorded. Before that it is open whether the event rests.</summary>
    private void NoteLast(EventResult last, bool isRested)
    {
        metrics.EventTried(isRested ? "rested" : "failed");
        if (isRested) RetriesEnded(log, last.Event.Id, last.Result!);
    }

    private void NoteFailure(Exception failure)
    {
        if (failure is not ConnectionStoreUnavailableException) NotDelivered(log, failure);
        else if (_store.Fails()) StoreFails(log, failure);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Events could not be delivered; trying again.")]
    private static partial void NotDelivered(ILogger log, Exception failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The last deliveries could not be recorded.")]
    private static partial void NotRecorded(ILogger log, Exception? failure);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "EVENTS_URL did not take an event ({Result}); it is tried again. Logged once until one is taken: fathom_events_waiting "
            + "counts them.")]
    private static partial void ReceiverFails(ILogger log, string result);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Events are not delivered while the database does not serve; trying again. Logged once until it serves.")]
    private static partial void StoreFails(ILogger log, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database serves the delivery of events again.")]
    private static partial void StoreServes(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "EVENTS_URL takes events again.")]
    private static partial void ReceiverAnswers(ILogger log);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Event {Id} is no longer retried after three days ({Result}): fix the receiver, then run `gateway events redeliver` "
            + "with this id, or with --status rested for all.")]
    private static partial void RetriesEnded(ILogger log, string id, string result);
}
