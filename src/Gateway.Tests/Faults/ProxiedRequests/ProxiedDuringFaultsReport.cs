using System.Globalization;
using System.Text;

namespace FathomGateway.Tests.Faults.ProxiedRequests;

/// <summary>How long proxied requests took under each fault, beside the quiet turns of the same run.</summary>
internal sealed class ProxiedDuringFaultsReport
{
    /// <summary>What docs/reliability.md promises of the 99th percentile.</summary>
    private const double MaxRatio = 1.2;

    private readonly List<(string Fault, TimeSpan[] Quiet, TimeSpan[] Faulty)> _turns = [];

    public void Add(string fault, TimeSpan[] quiet, TimeSpan[] faulty) => _turns.Add((fault, quiet, faulty));

    /// <summary>
    /// What else the machine does makes a turn slower and never quicker, so the quicker quarter of the turns tells what the gateway takes:
    /// of the turns' percentiles the first quartiles are compared. What a fault costs is in each of its turns.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder("| fault | requests | p50, ms | p99, ms | beside quiet |\n|---|--:|--:|--:|--:|\n");
        var quiet = _turns.Select(one => one.Quiet).ToArray();
        text.Append(
            CultureInfo.InvariantCulture,
            $"| none | {quiet.Sum(turn => turn.Length)} | {Quartile(quiet, 0.5):0.00} | {Quartile(quiet, 0.99):0.00} | |\n");
        var worst = 0.0;
        foreach (var fault in _turns.GroupBy(one => one.Fault, one => one.Faulty))
        {
            var ratio = Quartile(fault, 0.99) / Quartile(quiet, 0.99);
            worst = Math.Max(worst, ratio);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {fault.Key} | {fault.Sum(turn => turn.Length)} | {Quartile(fault, 0.5):0.00} | {Quartile(fault, 0.99):0.00} | "
                    + $"×{ratio:0.00} |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nThe largest ratio is {worst:0.00}; promised is no more than {MaxRatio:0.0}.\n")
            .ToString();
    }

    private static double Quartile(IEnumerable<TimeSpan[]> turns, double part)
    {
        var ordered = turns.Select(turn => At(turn, part)).Order().ToArray();
        return ordered.Length == 0 ? 0 : ordered[ordered.Length / 4];
    }

    private static double At(TimeSpan[] ordered, double part) => ordered[(int)(ordered.Length * part)].TotalMilliseconds;
}
