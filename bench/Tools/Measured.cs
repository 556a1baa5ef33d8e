using System.Globalization;

namespace FathomGateway.Bench;

/// <summary>What a run measured: lines of contender, metric, round and value.</summary>
internal sealed class Measured
{
    /// <summary>The contender that all others are compared with.</summary>
    public const string Baseline = "nginx";

    private readonly Dictionary<(string Contender, string Metric), SortedDictionary<int, double>> _values = [];

    public static Measured Read(string file)
    {
        var measured = new Measured();
        foreach (var line in File.ReadLines(file))
        {
            if (line.Split(' ') is not [var contender, var metric, var round, var value]) throw new FormatException(line);
            if (!measured._values.TryGetValue((contender, metric), out var rounds)) measured._values[(contender, metric)] = rounds = [];
            rounds[int.Parse(round, CultureInfo.InvariantCulture)] = double.Parse(value, CultureInfo.InvariantCulture);
        }

        return measured;
    }

    public bool Has(string contender, string metric) => _values.ContainsKey((contender, metric));

    /// <summary>Median over the rounds; null where nothing was measured.</summary>
    public double? Value(string contender, string metric) => Median(Rounds(contender, metric).Values);

    /// <summary>Median over the rounds of the ratio within a round: what slows the machine down for a while slows both.</summary>
    public double? Ratio(string contender, string metric, string other = Baseline, string? otherMetric = null) =>
        Median(Ratios(contender, metric, other, otherMetric));

    /// <summary>The ratio within each round that measured both.</summary>
    public IEnumerable<double> Ratios(string contender, string metric, string other, string? otherMetric = null)
    {
        var beside = Rounds(other, otherMetric ?? metric);
        return Rounds(contender, metric).Where(one => beside.GetValueOrDefault(one.Key) > 0).Select(one => one.Value / beside[one.Key]);
    }

    public SortedDictionary<int, double> Rounds(string contender, string metric) => _values.GetValueOrDefault((contender, metric)) ?? [];

    private static double? Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) return null;
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
