using System.Globalization;
using System.Text;

namespace FathomGateway.Bench;

/// <summary>The table, for the screen and for a page.</summary>
internal static class Table
{
    private const int TitleWidth = 40;
    private const int CellWidth = 17;

    public static string Text(Measured measured, Row[] rows, string[] contenders)
    {
        var text = new StringBuilder().Append(' ', TitleWidth);
        foreach (var one in contenders) text.Append(one.PadLeft(CellWidth));
        text.AppendLine();
        foreach (var group in rows.GroupBy(row => row.Group))
        {
            text.AppendLine().AppendLine(group.Key);
            foreach (var row in group)
            {
                text.Append($"  {row.Title}".PadRight(TitleWidth));
                foreach (var one in contenders) text.Append(Cell(measured, row, one, alignRatio: true).PadLeft(CellWidth));
                text.AppendLine();
            }
        }

        return text.AppendLine().ToString();
    }

    public static string Markdown(Measured measured, Row[] rows, string[] contenders)
    {
        var text = new StringBuilder();
        foreach (var group in rows.GroupBy(row => row.Group))
        {
            text.AppendLine($"| {group.Key} | {string.Join(" | ", contenders)} |");
            text.AppendLine($"|---|{string.Concat(contenders.Select(_ => "--:|"))}");
            foreach (var row in group)
            {
                var cells = contenders.Select(one => Cell(measured, row, one, alignRatio: false));
                text.AppendLine($"| {row.Title} | {string.Join(" | ", cells)} |");
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    private static string Cell(Measured measured, Row row, string contender, bool alignRatio)
    {
        if (measured.Value(contender, row.Metric) is not { } value) return "–";
        var shown = (value / row.Scale).ToString($"F{row.Decimals}", CultureInfo.InvariantCulture);
        var compared = row.HasRatio && contender != Measured.Baseline;
        var times = compared ? measured.Ratio(contender, row.Metric) : null;
        var ratio = times?.ToString(" ×0.00", CultureInfo.InvariantCulture) ?? "";
        return alignRatio ? shown + ratio.PadLeft(8) : shown + ratio;
    }
}
