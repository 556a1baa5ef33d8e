namespace FathomGateway.Events;

/// <summary>Log messages of deliveries. They hold no user and no address. A receiver that is down is logged once.</summary>
internal sealed partial class EventDelivery
{
    /// <summary>Shortest time between two lines about a receiver that fails.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private long _loggedAt;
    private int _isLogged;

    /// <summary>Limits the lines about a receiver that takes some events and refuses others to one a minute.</summary>
    private bool MayLog()
    {
        var now = clock.GetTimestamp();
        var last = Interlocked.Read(ref _loggedAt);
        if (last != 0 && clock.GetElapsedTime(last, now) < LogInterval) return false;
        Interlocked.Exchange(ref _loggedAt, now);
        Interlocked.Exchange(ref _isLogged, 1);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Events could not be delivered; trying again.")]
    private static partial void NotDelivered(ILogger log, Exception failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The last deliveries could not be recorded.")]
    private static partial void NotRecorded(ILogger log, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "EVENTS_URL did not take an event ({Result}); it is tried again. Logged once until one is taken: fathom_events_waiting "
            + "counts them.")]
    private static partial void ReceiverFails(ILogger log, string result);

    [LoggerMessage(Level = LogLevel.Information, Message = "EVENTS_URL takes events again.")]
    private static partial void ReceiverAnswers(ILogger log);

    // The event name is kept, because filters of a log may use it.
    [LoggerMessage(
        Level = LogLevel.Error,
        EventName = "Rests",
        Message = "Event {Id} is no longer retried after three days ({Result}): fix the receiver, then run `gateway events redeliver` "
            + "with this id.")]
    private static partial void RetriesEnded(ILogger log, string id, string result);
}
