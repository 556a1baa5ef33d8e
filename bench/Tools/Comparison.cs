using System.Globalization;
using System.Text;

namespace FathomGateway.Bench;

/// <summary>What <c>compare.sh</c> prints: builds side by side, as ratios to nginx and to the first build.</summary>
internal static class Comparison
{
    private const int TitleWidth = 34, ValueWidth = 10, RatioWidth = 8, RangeWidth = 14;
    private const string First = "A";

    private static readonly Row[] Rows =
    [
        new("", "CPU time a request, µs", "cpu"),
        new("", "requests a second", "rps", Decimals: 0),
        new("", "p50, ms", "p50", 1000, 2),
        new("", "p99, ms", "p99", 1000, 2),
        new("", "p99.9, ms", "p999", 1000, 2),
        new("", "constant rate: CPU time, µs", "cpu-rate"),
        new("", "constant rate: p50, ms", "p50-rate", 1000, 3),
        new("", "constant rate: p99, ms", "p99-rate", 1000, 3),
        new("", "constant rate: p99.9, ms", "p999-rate", 1000, 3),
        new("", "constant rate: held, %", "held", HasRatio: false),
        new("", "bytes allocated a request", "allocated", Decimals: 0),
        new("", "connections to the backend /1000", "backend-connections", Decimals: 2, HasRatio: false),
        new("", "resident at the end, MB", "memory", 1024),
        new("", "errors", "errors", Decimals: 0, HasRatio: false),
    ];

    public static int Write(string measuredFile, string[] names)
    {
        var measured = Measured.Read(measuredFile);
        Console.Write(EachRound(measured, names));
        Console.Write(Medians(measured, names));
        return 0;
    }

    /// <summary>The most robust figure in every round, so that a reader sees how far rounds lie apart.</summary>
    private static string EachRound(Measured measured, string[] names)
    {
        var text = new StringBuilder().Append($"\n{"CPU time a request, µs: round",-TitleWidth}");
        foreach (var name in names) text.Append(name.PadLeft(ValueWidth));
        foreach (var name in names[1..]) text.Append($"{name}/nginx".PadLeft(ValueWidth));
        foreach (var name in names.Skip(2)) text.Append($"{name}/{First}".PadLeft(ValueWidth));
        foreach (var (round, _) in measured.Rounds(Measured.Baseline, "cpu"))
        {
            text.Append($"\n{round + 1,TitleWidth}");
            foreach (var name in names) text.Append(Number(At(name), "F1").PadLeft(ValueWidth));
            foreach (var name in names[1..]) text.Append(Number(At(name) / At(Measured.Baseline), "F3").PadLeft(ValueWidth));
            foreach (var name in names.Skip(2)) text.Append(Number(At(name) / At(First), "F3").PadLeft(ValueWidth));

            double At(string name) => measured.Rounds(name, "cpu").GetValueOrDefault(round);
        }

        return text.AppendLine().ToString();
    }

    private static string Medians(Measured measured, string[] names)
    {
        var text = new StringBuilder().Append($"\n{"medians over the rounds",-TitleWidth}{Measured.Baseline,ValueWidth}");
        foreach (var name in names[1..])
        {
            text.Append(name.PadLeft(ValueWidth)).Append("×nginx".PadLeft(RatioWidth));
            if (name != First) text.Append($"×{First}".PadLeft(RatioWidth)).Append("from–to".PadLeft(RangeWidth));
        }

        foreach (var row in Rows)
        {
            text.Append($"\n{row.Title,-TitleWidth}{Shown(measured, row, Measured.Baseline),ValueWidth}");
            foreach (var name in names[1..])
            {
                text.Append($"{Shown(measured, row, name),ValueWidth}{Ratio(measured, row, name, Measured.Baseline),RatioWidth}");
                if (name == First) continue;
                text.Append($"{Ratio(measured, row, name, First),RatioWidth}{Range(measured, row, name),RangeWidth}");
            }
        }

        return text.AppendLine().ToString();
    }

    private static string Shown(Measured measured, Row row, string name) =>
        Number(measured.Value(name, row.Metric) / row.Scale, $"F{row.Decimals}");

    private static string Ratio(Measured measured, Row row, string name, string other) =>
        Number(row.HasRatio ? measured.Ratio(name, row.Metric, other) : null, "F3");

    /// <summary>Lowest and highest ratio to the first build within a round: where 1 lies between them, the two may be alike.</summary>
    private static string Range(Measured measured, Row row, string name)
    {
        var ratios = row.HasRatio ? measured.Ratios(name, row.Metric, First).ToArray() : [];
        return ratios.Length < 2 ? "" : $"{Number(ratios.Min(), "F2")}–{Number(ratios.Max(), "F2")}";
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
