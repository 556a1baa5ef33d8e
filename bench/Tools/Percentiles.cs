namespace FathomGateway.Bench;

/// <summary>Percentiles of durations by the nearest rank, in microseconds.</summary>
internal sealed class Percentiles(IEnumerable<long> nanoseconds)
{
    private readonly long[] _sorted = [.. nanoseconds.Order()];

    public long this[double percent]
    {
        get
        {
            var rank = (int)Math.Ceiling(_sorted.Length * percent / 100);
            return _sorted[Math.Clamp(rank - 1, 0, _sorted.Length - 1)] / 1000;
        }
    }
}
