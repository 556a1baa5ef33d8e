using FathomGateway.Users;

namespace FathomGateway.State;

/// <summary>States of a single replica, in memory. A restart loses them, and users who are at the provider have to begin again.</summary>
internal sealed class MemoryStateStore : IStateStore, IDisposable
{
    /// <summary>Pause between two removals of expired entries.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly ITimer _sweep;

    private readonly Lock _gate = new();
    private readonly Dictionary<StateNonce, Entry> _entries = [];
    private readonly Dictionary<UserId, List<StateNonce>> _waiting = [];

    public MemoryStateStore(TimeProvider time)
    {
        _time = time;
        _sweep = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    public Task SaveAsync(StateNonce nonce, AuthorizationState state, TimeSpan lifetime, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (Find(nonce) is not null) throw new InvalidOperationException("The nonce is taken already.");
            Put(nonce, new Entry(state, Redeemer: null, Outcome: null), lifetime);
            DropOldest(state.UserId, nonce);
        }

        return Task.CompletedTask;
    }

    public Task<Redemption> RedeemAsync(StateNonce nonce, UserId userId, Guid redeemer, CancellationToken cancel)
    {
        lock (_gate)
        {
            var entry = Find(nonce);
            if (entry is { State: { } saved, Redeemer: null })
            {
                Put(nonce, entry = new Entry(saved, redeemer, Outcome: null), IStateStore.PendingLifetime);
            }

            return Task.FromResult<Redemption>(entry switch
            {
                null => new Redemption.Absent(),
                { Outcome: { } outcome } => new Redemption.Settled(outcome),
                { State: { } state } when entry.Redeemer == redeemer => new Redemption.Redeemed(state),
                _ => new Redemption.Pending(),
            });
        }
    }

    public Task<Redemption> PeekAsync(StateNonce nonce, UserId userId, CancellationToken cancel)
    {
        lock (_gate)
        {
            return Task.FromResult<Redemption>(Find(nonce) switch
            {
                { Outcome: { } outcome } => new Redemption.Settled(outcome),
                { Redeemer: not null } => new Redemption.Pending(),
                _ => new Redemption.Absent(),
            });
        }
    }

    public Task SettleAsync(StateNonce nonce, UserId userId, string outcome, CancellationToken cancel)
    {
        lock (_gate) Put(nonce, new Entry(State: null, Redeemer: null, outcome), IStateStore.OutcomeLifetime);
        return Task.CompletedTask;
    }

    /// <summary>The states that are not redeemed yet, each with its remaining life. The sandbox shows them.</summary>
    public IReadOnlyList<(StateNonce Nonce, TimeSpan Left)> Waiting()
    {
        lock (_gate)
        {
            return [.. _entries.Where(one => IsWaiting(one.Key)).Select(one => (one.Key, one.Value.ExpiresAt - _time.GetUtcNow()))];
        }
    }

    private Entry? Find(StateNonce nonce) =>
        _entries.TryGetValue(nonce, out var entry) && entry.ExpiresAt > _time.GetUtcNow() ? entry : null;

    private void Put(StateNonce nonce, Entry entry, TimeSpan lifetime) =>
        _entries[nonce] = entry with { ExpiresAt = _time.GetUtcNow() + lifetime };

    private void DropOldest(UserId userId, StateNonce latest)
    {
        if (!_waiting.TryGetValue(userId, out var nonces)) _waiting[userId] = nonces = [];
        nonces.RemoveAll(nonce => !IsWaiting(nonce));
        nonces.Add(latest);
        if (nonces.Count <= IStateStore.MaxPerUser) return;
        _entries.Remove(nonces[0]);
        nonces.RemoveAt(0);
    }

    private bool IsWaiting(StateNonce nonce) => Find(nonce) is { State: not null, Redeemer: null };

    public void Dispose() => _sweep.Dispose();

    private void Sweep()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            foreach (var (nonce, entry) in _entries)
            {
                if (entry.ExpiresAt <= now) _entries.Remove(nonce);
            }

            foreach (var (userId, nonces) in _waiting)
            {
                if (!nonces.Exists(IsWaiting)) _waiting.Remove(userId);
            }
        }
    }

    private sealed record Entry(AuthorizationState? State, Guid? Redeemer, string? Outcome)
    {
        public DateTimeOffset ExpiresAt { get; init; }
    }
}
