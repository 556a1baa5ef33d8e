using System.Text.Json;
using FathomGateway.Cli.Output;

namespace FathomGateway.Cli.Doctor;

/// <summary>Writes what the doctor found: a table for people, or JSON.</summary>
internal static class DoctorReport
{
    /// <summary>What a mark takes, with the blanks around it.</summary>
    private const int MarkWidth = 8;

    internal sealed record Contents(IReadOnlyList<DoctorSetting> Settings, IReadOnlyList<DoctorFinding> Findings);

    public static void WriteJson(TextWriter to, Contents report) =>
        to.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.DoctorReportContents));

    /// <param name="terminal">Columns of the terminal that shows it, or null where none does: then nothing is wrapped or colored.</param>
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

    /// <summary>The last line: how many there are to mend, and how many to look at.</summary>
    internal static string Verdict(IReadOnlyList<DoctorFinding> findings)
    {
        var (fails, warnings) = (findings.Count(one => one.Status == DoctorStatus.Fail), findings.Count(one => one.Status == DoctorStatus.Warn));
        if (fails > 0) return $"{fails} to mend, {warnings} to look at.";
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
