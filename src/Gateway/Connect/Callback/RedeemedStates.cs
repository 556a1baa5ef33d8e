using System.Collections.Concurrent;
using FathomGateway.State;

namespace FathomGateway.Connect.Callback;

/// <summary>
/// The states that this process has redeemed, for as long as they would have lived. After a failover Redis may have lost the redeem of a
/// record; this process still does not redeem it again.
/// </summary>
internal sealed class RedeemedStates(TimeProvider time)
{
    private readonly ConcurrentDictionary<StateNonce, Entry> _entries = [];
    private readonly ConcurrentQueue<(StateNonce Nonce, long At)> _order = [];

    /// <returns>Null where this process has not redeemed the state, or so long ago that the record has expired.</returns>
    public SettledCallback? Find(StateNonce nonce)
    {
        if (!_entries.TryGetValue(nonce, out var entry) || IsOver(entry.At)) return null;
        return entry.Settled is { } settled && time.GetElapsedTime(entry.At) < IStateStore.OutcomeLifetime
            ? settled
            : new SettledCallback(CallbackOutcome.ExpiredState, null);
    }

    public void Add(StateNonce nonce)
    {
        while (_order.TryPeek(out var oldest) && IsOver(oldest.At) && _order.TryDequeue(out oldest))
        {
            _entries.TryRemove(oldest.Nonce, out _);
        }

        var now = time.GetTimestamp();
        _entries[nonce] = new Entry(now, null);
        _order.Enqueue((nonce, now));
    }

    public void Settle(StateNonce nonce, SettledCallback settled) => _entries[nonce] = new Entry(time.GetTimestamp(), settled);

    private bool IsOver(long at) => time.GetElapsedTime(at) >= IStateStore.StateLifetime;

    private sealed record Entry(long At, SettledCallback? Settled);
}
