using FathomGateway.Events;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Tokens.Refresh;

namespace FathomGateway.Tests.Soak;

/// <summary>A receiver of events that fails and hangs at random, and what it has to have been told when all is over.</summary>
internal sealed class SoakEvents : IAsyncDisposable
{
    private const string WithoutBody = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";

    /// <summary>
    /// The attempt is over by then. Events of such attempts are tried again ten seconds after the receiver has become sound at the latest,
    /// which is well within the time that the soak gives them at its end.
    /// </summary>
    private static readonly TimeSpan TooLate = EventSender.Timeout + TimeSpan.FromSeconds(2);

    private readonly EventReceiver _receiver = EventReceiver.Start();
    private volatile bool _isSound;
    private int _late;

    public SoakEvents() => _receiver.Answer = AnswerAsync;

    public IEnumerable<(string Name, string? Value)> Settings => _receiver.Settings;

    /// <summary>Whether nothing waits. The receiver takes everything from now on, and what is in a pause is tried at once.</summary>
    public async Task<bool> AreDeliveredAsync(string database)
    {
        _isSound = true;
        await PostgresTestDatabase.QueryAsync(database, "UPDATE fathom_event_queues SET due_at = now() WHERE lease_owner IS NULL");
        return await PostgresTestDatabase.QueryAsync(database, "SELECT count(*) FROM fathom_events WHERE delivered_at IS NULL") is 0L;
    }

    /// <summary>No event without its change, no change without its event, and each user's in their order.</summary>
    public async Task VerifyAsync(string database, SoakModel model)
    {
        var changed = TokenDatabase.At(database);
        foreach (var difference in await RecordedChanges.DifferencesAsync(changed)) model.Violate("events", difference);
        var written = (await RecordedChanges.EventsAsync(changed)).ToLookup(UserOf);
        var arrived = _receiver.Received.Select(one => $"{one.UserId} {one.Id}").Distinct().ToLookup(UserOf);
        foreach (var user in written.Select(one => one.Key).Union(arrived.Select(one => one.Key)))
        {
            if (!written[user].SequenceEqual(arrived[user]))
            {
                var (told, meant) = (string.Join(", ", arrived[user]), string.Join(", ", written[user]));
                model.Violate("events", $"{user} was told of {told} and not of {meant}");
            }

            foreach (var _ in written[user]) model.Count("events: written, and told in order");
        }

        foreach (var _ in _receiver.Received) model.Count("events: tries that arrived");
        for (var i = 0; i < _late; i++) model.Count("events: answers that came too late");
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    private static string UserOf(string line) => line.Split(' ')[0];

    private async Task<string> AnswerAsync(ReceivedEvent told)
    {
        if (_isSound) return EventReceiver.Ok;
        switch (Random.Shared.Next(100))
        {
            case < 10: return EventReceiver.Status(500, "Retry-After: 1\r\n");
            case < 20: return EventReceiver.Status(429, "Retry-After: 2\r\n");
            case < 30: return "no HTTP\r\n\r\n";
            case < 40:
                await Task.Delay(Random.Shared.Next(2000));
                return EventReceiver.Ok;
            case < 45: return WithoutBody;
            // Rare: each takes a slot and the queue of its user for ten seconds.
            case < 47:
                Interlocked.Increment(ref _late);
                await Task.Delay(TooLate);
                return EventReceiver.Ok;
            default: return EventReceiver.Ok;
        }
    }
}
