namespace FathomGateway.Cli.Output;

/// <summary>Writes the last column of a table, wrapped at spaces and indented.</summary>
internal static class WordWrap
{
    /// <summary>With fewer columns left, wrapping does not help; the terminal wraps.</summary>
    private const int NarrowestColumn = 24;

    /// <param name="indent">Columns before the text on each line.</param>
    /// <param name="terminal">Columns of the terminal, or null for one long line.</param>
    public static void Write(TextWriter to, string text, int indent, int? terminal)
    {
        var room = (terminal ?? 0) - indent;
        if (room < NarrowestColumn) room = int.MaxValue;
        var column = 0;
        foreach (var word in text.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > room)
            {
                to.WriteLine();
                to.Write(new string(' ', indent));
                column = 0;
            }
            else if (column > 0)
            {
                to.Write(' ');
                column++;
            }

            to.Write(word);
            column += word.Length;
        }

        to.WriteLine();
    }
}
