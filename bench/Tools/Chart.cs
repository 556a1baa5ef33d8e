using System.Globalization;
using System.Text;

namespace FathomGateway.Bench;

/// <summary>
/// Bars from the line of nginx to each contender's ratio; a step to either side is a factor of two, so that half and double weigh the same.
/// </summary>
internal static class Chart
{
    private const int Left = 300, Right = 60, Top = 64, BarHeight = 11, GroupGap = 14, Step = 70;

    /// <summary>Powers of two at the left and right edge; longer bars are cut there, and the number gives the value.</summary>
    private const int Lowest = -4, Highest = 5;

    private static readonly Dictionary<string, string> Colours = new()
    {
        ["haproxy"] = "#7a8794",
        ["caddy"] = "#2e9e6b",
        ["gateway"] = "#1565c0",
        ["bare-yarp"] = "#8e63b5",
        ["express"] = "#c77d1e",
    };

    private static int Width => Left + ((Highest - Lowest) * Step) + Right;

    public static string Svg(Measured measured, Row[] rows, string[] contenders)
    {
        var others = contenders.Where(Colours.ContainsKey).ToArray();
        var height = Top + (rows.Length * ((others.Length * BarHeight) + GroupGap)) + 10;
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" """);
        Line(svg, $"""font-family="sans-serif" font-size="11" role="img">""");
        Line(svg, $"""<title>Ratios to nginx in the same run</title><rect width="{Width}" height="{height}" fill="#fff"/>""");
        Legend(svg, others);
        Grid(svg, height);
        var y = Top;
        foreach (var row in rows)
        {
            var middle = y + (others.Length * BarHeight / 2) + 4;
            Line(svg, $"""<text x="{Left - 40}" y="{middle}" text-anchor="end">{Escaped(row.ChartTitle)}</text>""");
            foreach (var one in others)
            {
                if (measured.Ratio(one, row.Metric) is { } ratio and > 0) Bar(svg, ratio, y, Colours[one]);
                y += BarHeight;
            }

            y += GroupGap;
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void Legend(StringBuilder svg, string[] others)
    {
        Line(svg, $"""<text x="12" y="20" font-size="14" font-weight="bold">Ratio to nginx in the same run</text>""");
        var x = 280;
        foreach (var one in others)
        {
            Line(svg, $"""<rect x="{x}" y="11" width="10" height="10" fill="{Colours[one]}"/><text x="{x + 15}" y="20">{one}</text>""");
            x += 100;
        }
    }

    private static void Grid(StringBuilder svg, int height)
    {
        for (var power = Lowest; power <= Highest; power++)
        {
            var label = power < 0 ? $"1/{1 << -power}" : $"{1 << power}";
            var colour = power == 0 ? "#333" : "#ddd";
            var x = X(power);
            Line(svg, $"""<line x1="{x}" x2="{x}" y1="{Top - 8}" y2="{height - 10}" stroke="{colour}"/>""");
            Line(svg, $"""<text x="{x}" y="{Top - 14}" text-anchor="middle" fill="#555">{label} ×</text>""");
        }
    }

    private static void Bar(StringBuilder svg, double ratio, int y, string colour)
    {
        var (from, to) = (X(0), X(Math.Clamp(Math.Log2(ratio), Lowest, Highest)));
        var text = ratio.ToString("0.00", CultureInfo.InvariantCulture);
        var width = Math.Max(1, Math.Abs(to - from));
        Line(svg, $"""<rect x="{Math.Min(from, to)}" y="{y}" width="{width}" height="{BarHeight - 1}" fill="{colour}"/>""");
        Line(svg, to < from
            ? (FormattableString)$"""<text x="{to - 3}" y="{y + 9}" font-size="9" text-anchor="end">{text}</text>"""
            : $"""<text x="{to + 3}" y="{y + 9}" font-size="9">{text}</text>""");
    }

    private static double X(double power) => Math.Round(Left + ((power - Lowest) * Step), 1);

    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static void Line(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
