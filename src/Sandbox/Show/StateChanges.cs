using System.Diagnostics;
using FathomGateway.State;

namespace FathomGateway.Sandbox.Show;

/// <summary>Reports states that appeared or disappeared between two readings.</summary>
internal sealed class StateChanges(Hops hops)
{
    // The time between two readings, and the difference of another machine's clock.
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
            // A parked code has a shorter lifetime than a state.
            var parked = isNew ? state.Left <= IStateStore.ParkedLifetime : known.Parked;
            _known[state.Nonce] = new Known(Stopwatch.GetTimestamp(), state.Left, parked);
            // States from before the start of the sandbox are not shown as new.
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
