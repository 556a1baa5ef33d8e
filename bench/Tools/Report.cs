using System.Globalization;

namespace FathomGateway.Bench;

/// <summary>Turns a run's measurements into a table on the screen, a Markdown page and a chart.</summary>
internal static class Report
{
    public static int Write(string measuredFile, string folder, string factsFile)
    {
        var measured = Measured.Read(measuredFile);
        var rows = Rows.All.Where(row => Rows.Contenders.Any(one => measured.Has(one, row.Metric))).ToArray();
        var contenders = Rows.Contenders.Where(one => rows.Any(row => measured.Has(one, row.Metric))).ToArray();
        var connect = Connect(measured);
        var accessToken = AccessToken(measured);

        Console.Write(Table.Text(measured, rows, contenders));
        Console.Write(Reach.Text(measured));
        Console.WriteLine(connect);
        Console.WriteLine(accessToken);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "latest.md"), $"""
            # One run

            Beside each value stands its ratio to nginx: the median over the rounds of the ratio within a round.
            The values themselves belong to this machine in this hour.

            ![Ratios to nginx](latest.svg)

            {Reach.Markdown(measured)}
            {Table.Markdown(measured, rows, contenders)}
            {connect}
            {accessToken}

            {File.ReadAllText(factsFile)}
            """);
        File.WriteAllText(Path.Combine(folder, "latest.svg"), Chart.Svg(measured, [.. rows.Where(row => row.InChart)], contenders));
        return 0;
    }

    private static string Connect(Measured measured)
    {
        if (measured.Value("gateway", "connect") is not { } connects || measured.Value("redis", "set") is not { } sets) return "";
        var ratio = measured.Ratio("gateway", "connect", "redis", "set");
        var errors = measured.Value("gateway", "connect-errors");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/fathom/connect: {connects:0} a second, {errors:0} of a round refused; " +
            $"Redis SET NX EX of the same record: {sets:0} a second; ratio {ratio:0.00}.");
    }

    private static string AccessToken(Measured measured)
    {
        if (measured.Value("gateway", "access-token") is not { } tokens) return "";
        if (measured.Value("postgres", "select") is not { } selects) return "";
        var ratio = measured.Ratio("gateway", "access-token", "postgres", "select");
        var errors = measured.Value("gateway", "access-token-errors");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"access-token: {tokens:0} a second, {errors:0} of a round refused; " +
            $"PostgreSQL SELECT of the same row: {selects:0} a second; ratio {ratio:0.00}.");
    }
}
