using System.Collections.Concurrent;

namespace FathomGateway.Sandbox.Show;

/// <summary>The states that callbacks have brought: one that vanishes meanwhile was redeemed, and did not just run out.</summary>
internal sealed class Deliveries
{
    private readonly ConcurrentDictionary<string, bool> _underWay = new();
    private readonly ConcurrentDictionary<string, bool> _redeemed = new();

    /// <summary>A callback brings a state; true where that state was redeemed before.</summary>
    public bool Begin(string nonce)
    {
        _underWay[nonce] = true;
        return _redeemed.ContainsKey(nonce);
    }

    /// <summary>The callback is answered; the next look is the last that counts for it.</summary>
    public void End(string nonce) => _underWay.TryUpdate(nonce, false, true);

    /// <summary>A state has vanished: true where a callback brought it.</summary>
    public bool Redeemed(string nonce) => _underWay.ContainsKey(nonce) && _redeemed.TryAdd(nonce, true);

    /// <summary>A look is over.</summary>
    public void Forget()
    {
        foreach (var (nonce, stillUnderWay) in _underWay)
            if (!stillUnderWay)
                _underWay.TryRemove(nonce, out _);
    }
}
