namespace FathomGateway.Cli.Output;

/// <summary>The last column of a table, wrapped at blanks beneath itself.</summary>
internal static class WordWrap
{
    /// <summary>Where fewer columns are left, nothing is gained by wrapping; the terminal does it.</summary>
    private const int NarrowestColumn = 24;

    /// <param name="indent">Columns that are taken on each line before it.</param>
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
