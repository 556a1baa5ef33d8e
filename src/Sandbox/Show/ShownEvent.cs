using FathomGateway.Sandbox.Backend;

namespace FathomGateway.Sandbox.Show;

/// <summary>An event as the page shows it: the gateway's entry, and what the receiver saw of it.</summary>
/// <param name="State"><c>waiting</c>, <c>tried</c> (a try is under way), <c>refused</c> (one that waits after a try), <c>delivered</c> or
/// <c>rested</c>.</param>
/// <param name="Written">Milliseconds since 1970, as <paramref name="NextTry"/>, which only one that waits has.</param>
/// <param name="Tries">The receiver's side, the oldest first.</param>
internal sealed record ShownEvent(
    string Id, string User, string Type, string? Reason, string State, long Written, long? NextTry,
    IReadOnlyList<EventTry> Tries)
{
    /// <summary>Combines both.</summary>
    public static ShownEvent Of(OutboxEvent entry, ILookup<string, EventTry> tries)
    {
        var seen = tries[entry.Id].ToArray();
        var state = seen is [.., { Status: null }] ? "tried"
            : entry is { Status: "waiting", Attempts: > 0 } ? "refused"
            : entry.Status;
        return new ShownEvent(
            entry.Id,
            entry.Data.UserId,
            entry.Type,
            entry.Data.Reason,
            state,
            entry.Timestamp.ToUnixTimeMilliseconds(),
            state is "waiting" or "refused" ? entry.NextAttemptAt?.ToUnixTimeMilliseconds() : null,
            seen);
    }
}
