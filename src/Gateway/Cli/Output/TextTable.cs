using System.Globalization;

namespace FathomGateway.Cli.Output;

/// <summary>Writes rows as a table, page by page. A page is as wide as its widest row or the previous pages.</summary>
internal sealed class TextTable(TextWriter to, params string[] titles)
{
    private readonly int[] _widths = [.. titles.Select(title => title.Length)];
    private bool _hasTitles;

    /// <summary>A UTC time with a precision of seconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public void Write(IReadOnlyCollection<string[]> rows)
    {
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++) _widths[column] = Math.Max(_widths[column], row[column].Length);
        }

        if (!_hasTitles) Line(titles);
        _hasTitles = true;
        foreach (var row in rows) Line(row);
    }

    private void Line(string[] cells) =>
        to.WriteLine(string.Join("  ", cells.Select((cell, column) => cell.PadRight(_widths[column]))).TrimEnd());
}
