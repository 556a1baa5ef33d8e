using System.Diagnostics;
using FathomGateway.State;

namespace FathomGateway.Sandbox.Show;

/// <summary>Tells states that appeared and vanished between two looks.</summary>
internal sealed class StateChanges(Hops hops)
{
    // Between two looks, and what a clock of another machine may differ while it counts down.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Known> _known = [];
    private bool _looked;

    public Deliveries Deliveries { get; } = new();

    public void Report(IReadOnlyList<WaitingState> found)
    {
        foreach (var nonce in _known.Keys.Except(found.Select(state => state.Nonce)).ToArray())
        {
            _known.Remove(nonce, out var gone);
            Gone(nonce, gone);
        }

        foreach (var state in found)
        {
            var isNew = !_known.TryGetValue(state.Nonce, out var known);
            // A parked code lives shorter than a state does, from its first moment on.
            var parked = isNew ? state.Left <= IStateStore.ParkedLifetime : known.Parked;
            _known[state.Nonce] = new Known(Stopwatch.GetTimestamp(), state.Left, parked);
            // What lay there before the sandbox began is none of its doing.
            if (!isNew || !_looked) continue;
            var what = parked ? "code parked, encrypted" : "state kept";
            hops.Add("gateway", "states", $"{what}, for {Math.Ceiling(state.Left.TotalMinutes)} minutes", "good");
        }

        _looked = true;
        Deliveries.Forget();
    }

    private void Gone(string nonce, Known gone)
    {
        if (Deliveries.Redeemed(nonce))
            hops.Add("states", "gateway", "state redeemed: it is gone", "good");
        else if (Stopwatch.GetElapsedTime(gone.Seen) + ClockTolerance >= gone.Left)
            hops.Add("states", "states", gone.Parked ? "parked code expired" : "state expired: nobody came back", "bad");
        else if (gone.Parked)
            hops.Add("states", "gateway", "parked code taken: it is gone", "good");
        else
            hops.Add("states", "states", "state gone before its time: five may wait for a user", "bad");
    }

    private readonly record struct Known(long Seen, TimeSpan Left, bool Parked);
}
