using System.Text.Json;
using FathomGateway.Cli.Output;
using FathomGateway.Users;
using FathomGateway.Users.Diagnosis;

namespace FathomGateway.Cli.Doctor;

/// <summary>Writes what was made of a JWT: sentences for people, or JSON.</summary>
/// <param name="warnings">What deserves a word about the settings.</param>
internal sealed class DoctorJwtReport(JwtFinding finding, IReadOnlyList<string> warnings)
{
    public bool IsBelieved => finding.UserId is not null;

    public void WriteJson(TextWriter to) => to.WriteLine(JsonSerializer.Serialize(
        new Contents(IsBelieved, finding.UserId, finding.Algorithm, finding.Reason, finding.Detail, warnings), ReportJson.Default.JwtReportContents));

    /// <param name="terminal">Columns of the terminal that shows it, or null where none does.</param>
    public void WriteText(TextWriter to, int? terminal)
    {
        var verdict = IsBelieved ? "Believed" : $"Not believed ({finding.Reason})";
        WordWrap.Write(to, $"{verdict}: {finding.Detail}", 0, terminal);
        foreach (var warning in warnings) WordWrap.Write(to, $"Look at this as well: {warning}", 0, terminal);
    }

    /// <param name="Believed">Whether <c>/fathom/connect</c> would answer its bearer.</param>
    /// <param name="UserId">As whom; null where it is not believed.</param>
    /// <param name="Reason">Why not: the label of the metric, <c>settings</c>, or <c>unknown</c> where nothing can be said now.</param>
    internal sealed record Contents(
        bool Believed, string? UserId, string? Algorithm, string? Reason, string Detail, IReadOnlyList<string> Warnings);
}
