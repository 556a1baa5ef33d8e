using System.Text.Json;
using System.Text.Json.Serialization;

namespace FathomGateway.Cli;

/// <summary>Writes what the doctor found: a table for people, or JSON.</summary>
internal static class DoctorReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    internal sealed record Contents(IReadOnlyList<DoctorSetting> Settings, IReadOnlyList<DoctorFinding> Findings);

    public static void WriteJson(TextWriter to, Contents report) => to.WriteLine(JsonSerializer.Serialize(report, Json));

    public static void WriteTable(TextWriter to, Contents report, bool colored)
    {
        if (report.Settings.Count > 0)
        {
            var rows = report.Settings.Select(one => (one.Name, Value: one.Value ?? "-", Origin: one.Origin ?? "default")).ToArray();
            var (name, value) = (rows.Max(row => row.Name.Length), rows.Max(row => row.Value.Length));
            to.WriteLine("Settings");
            foreach (var row in rows) to.WriteLine($"  {row.Name.PadRight(name)}  {row.Value.PadRight(value)}  {row.Origin}");
            to.WriteLine();
        }

        var subject = report.Findings.Select(one => one.Subject.Length).DefaultIfEmpty().Max();
        to.WriteLine("Checks");
        foreach (var finding in report.Findings) to.WriteLine($"  {Mark(finding.Status, colored)}  {finding.Subject.PadRight(subject)}  {finding.Detail}");
        to.WriteLine();
        to.WriteLine(Verdict(report.Findings));
    }

    private static string Verdict(IReadOnlyList<DoctorFinding> findings)
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
