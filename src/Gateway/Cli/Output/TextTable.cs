using System.Globalization;
using FathomGateway.Users;

namespace FathomGateway.Cli.Output;

/// <summary>
/// Writes rows as a table, page by page. A page is as wide as its widest row or the previous pages, apart from cells that are longer than
/// <see cref="WidestColumn"/>: those are written whole, and shift the rest of their own row alone. Characters that no user id may have
/// are written as U+FFFD: a row of the database may have them, and they would break lines, or be commands to the terminal.
/// </summary>
internal sealed class TextTable(TextWriter to, params string[] titles)
{
    /// <summary>Columns of a terminal. The ids of usual issuers have less, e-mail addresses mostly, too.</summary>
    private const int WidestColumn = 48;

    private readonly int[] _widths = [.. titles.Select(title => title.Length)];
    private bool _hasTitles;

    /// <summary>A UTC time with a precision of seconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public void Write(IReadOnlyCollection<string[]> texts)
    {
        string[][] rows = [.. texts.Select(row => row.Select(UserId.ToPrintable).ToArray())];
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                var width = DisplayWidth.Of(row[column]);
                if (width <= WidestColumn) _widths[column] = Math.Max(_widths[column], width);
            }
        }

        if (!_hasTitles) Line(titles);
        _hasTitles = true;
        foreach (var row in rows) Line(row);
    }

    private void Line(string[] cells) => to.WriteLine(string.Join("  ", cells.Select(Padded)).TrimEnd());

    private string Padded(string cell, int column) => cell + new string(' ', Math.Max(0, _widths[column] - DisplayWidth.Of(cell)));
}
