using System.Collections.Concurrent;

namespace FathomGateway.Sandbox.Show;

/// <summary>The states of callbacks in progress: one that disappears meanwhile was redeemed, and did not expire.</summary>
internal sealed class Deliveries
{
    private readonly ConcurrentDictionary<string, bool> _underWay = new();
    private readonly ConcurrentDictionary<string, bool> _redeemed = new();

    /// <summary>Records the state of a callback. Returns whether that state was redeemed before.</summary>
    public bool Begin(string nonce)
    {
        _underWay[nonce] = true;
        return _redeemed.ContainsKey(nonce);
    }

    /// <summary>Records that the callback was answered. Only the next reading of the stores still counts for it.</summary>
    public void End(string nonce) => _underWay.TryUpdate(nonce, false, true);

    /// <summary>Records that a state has disappeared. Returns whether a callback in progress has it.</summary>
    public bool Redeemed(string nonce) => _underWay.ContainsKey(nonce) && _redeemed.TryAdd(nonce, true);

    /// <summary>Called after each reading of the stores.</summary>
    public void Forget()
    {
        foreach (var (nonce, stillUnderWay) in _underWay)
            if (!stillUnderWay)
                _underWay.TryRemove(nonce, out _);
    }
}
