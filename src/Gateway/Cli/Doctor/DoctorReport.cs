using System.Text.Json;
using FathomGateway.Cli.Output;

namespace FathomGateway.Cli.Doctor;

/// <summary>Writes the doctor's findings as a table or as JSON.</summary>
internal static class DoctorReport
{
    /// <summary>Width of a status mark with the spaces around it.</summary>
    private const int MarkWidth = 8;

    internal sealed record Contents(IReadOnlyList<DoctorSetting> Settings, IReadOnlyList<DoctorFinding> Findings);

    public static void WriteJson(TextWriter to, Contents report) =>
        to.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.DoctorReportContents));

    /// <param name="terminal">Columns of the terminal; null where the output is redirected. Without a terminal nothing is wrapped or
    /// colored.</param>
    public static void WriteTable(TextWriter to, Contents report, int? terminal)
    {
        if (report.Settings.Count > 0) WriteSettings(to, report.Settings, terminal);
        to.WriteLine("Checks");
        var subject = report.Findings.Select(one => one.Subject.Length).DefaultIfEmpty().Max();
        foreach (var finding in report.Findings)
        {
            to.Write($"  {Mark(finding.Status, colored: terminal is not null)}  {finding.Subject.PadRight(subject)}  ");
            WordWrap.Write(to, finding.Detail, MarkWidth + subject + 2, terminal);
        }

        to.WriteLine();
        to.WriteLine(Verdict(report.Findings));
    }

    private static void WriteSettings(TextWriter to, IReadOnlyList<DoctorSetting> settings, int? terminal)
    {
        var name = settings.Max(one => one.Name.Length);
        to.WriteLine("Settings");
        foreach (var one in settings)
        {
            to.Write($"  {one.Name.PadRight(name)}  ");
            WordWrap.Write(to, $"{one.Value ?? "-"}  ({one.Origin ?? "not set"})", 2 + name + 2, terminal);
        }

        to.WriteLine();
    }

    /// <summary>The last line: how many findings need a fix, and how many a look.</summary>
    internal static string Verdict(IReadOnlyList<DoctorFinding> findings)
    {
        var (fails, warnings) = (
            findings.Count(one => one.Status == DoctorStatus.Fail), findings.Count(one => one.Status == DoctorStatus.Warn));
        if (fails > 0) return $"{fails} to fix, {warnings} to look at.";
        return warnings > 0 ? $"Sound; {warnings} to look at." : "Sound.";
    }

    private static string Mark(DoctorStatus status, bool colored)
    {
        var (text, color) = status switch
        {
            DoctorStatus.Ok => ("ok  ", 32),
            DoctorStatus.Warn => ("warn", 33),
            _ => ("FAIL", 31),
        };
        return colored ? $"\e[{color}m{text}\e[0m" : text;
    }
}
