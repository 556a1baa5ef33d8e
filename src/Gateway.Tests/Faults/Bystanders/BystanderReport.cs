using System.Globalization;
using System.Text;

namespace FathomGateway.Tests.Faults.Bystanders;

/// <summary>How long proxied requests took under each fault, beside quiet turns of the same run.</summary>
internal sealed class BystanderReport
{
    /// <summary>What docs/reliability.md promises of the 99th percentile.</summary>
    private const double Most = 1.2;

    private readonly List<(string Fault, TimeSpan[] Quiet, TimeSpan[] Faulty)> _turns = [];

    public void Add(string fault, TimeSpan[] quiet, TimeSpan[] faulty) => _turns.Add((fault, quiet, faulty));

    public override string ToString()
    {
        var text = new StringBuilder("| fault | requests | p50, ms: quiet | fault | p99, ms: quiet | fault | ratio |\n|---|--:|--:|--:|--:|--:|--:|\n");
        var worst = 0.0;
        foreach (var fault in _turns.GroupBy(one => one.Fault))
        {
            var (quiet, faulty) = (All(fault.Select(one => one.Quiet)), All(fault.Select(one => one.Faulty)));
            // Turn beside turn, so that what the machine does meanwhile is the same for both; the median of the turns.
            var ratios = fault.Select(one => At(one.Faulty, 0.99) / At(one.Quiet, 0.99)).Order().ToArray();
            var ratio = ratios[ratios.Length / 2];
            worst = Math.Max(worst, ratio);
            text.Append(CultureInfo.InvariantCulture, $"| {fault.Key} | {faulty.Length} | {At(quiet, 0.5):0.00} | {At(faulty, 0.5):0.00} | {At(quiet, 0.99):0.00} | {At(faulty, 0.99):0.00} | ×{ratio:0.00} |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nThe largest ratio is {worst:0.00}; promised is no more than {Most:0.0}.\n").ToString();
    }

    private static TimeSpan[] All(IEnumerable<TimeSpan[]> turns) => [.. turns.SelectMany(turn => turn).Order()];

    private static double At(TimeSpan[] ordered, double part) => ordered[(int)(ordered.Length * part)].TotalMilliseconds;
}
