namespace FathomGateway.Bench;

/// <summary>Turns a run's measurements into a table on the screen, a Markdown page and a chart.</summary>
internal static class Report
{
    public static int Write(string measuredFile, string folder, string factsFile)
    {
        var measured = Measured.Read(measuredFile);
        var rows = Rows.All.Where(row => Rows.Contenders.Any(one => measured.Has(one, row.Metric))).ToArray();
        var contenders = Rows.Contenders.Where(one => rows.Any(row => measured.Has(one, row.Metric))).ToArray();
        var own = OwnRoutes.Lines(measured).ToArray();

        Console.Write(Table.Text(measured, rows, contenders));
        Console.Write(TargetTable.Text(measured));
        foreach (var line in own) Console.WriteLine(line);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "latest.md"), $"""
            # One run

            Beside each value stands its ratio to nginx: the median over the rounds of the ratio within a round.
            The values themselves belong to this machine in this hour.

            ![Ratios to nginx](latest.svg)

            {TargetTable.Markdown(measured)}
            {Table.Markdown(measured, rows, contenders)}
            {string.Join("\n\n", own)}

            {File.ReadAllText(factsFile)}
            """);
        File.WriteAllText(Path.Combine(folder, "latest.svg"), Chart.Svg(measured, [.. rows.Where(row => row.InChart)], contenders));
        return 0;
    }
}
