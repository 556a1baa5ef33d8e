using System.Text.Json;
using FathomGateway.Cli.Output;
using FathomGateway.Users.Diagnosis;

namespace FathomGateway.Cli.Doctor;

/// <summary>Writes the diagnosis of a JWT as sentences or as JSON.</summary>
/// <param name="warnings">Warnings about the settings.</param>
internal sealed class DoctorJwtReport(JwtFinding finding, IReadOnlyList<string> warnings)
{
    public bool IsAccepted => finding.UserId is not null;

    public void WriteJson(TextWriter to) => to.WriteLine(JsonSerializer.Serialize(
        new Contents(IsAccepted, finding.UserId, finding.Algorithm, finding.Reason, finding.Detail, warnings),
        ReportJson.Default.JwtReportContents));

    /// <param name="terminal">Columns of the terminal; null where the output is redirected.</param>
    public void WriteText(TextWriter to, int? terminal)
    {
        var verdict = IsAccepted ? "Accepted" : $"Rejected ({finding.Reason})";
        WordWrap.Write(to, $"{verdict}: {finding.Detail}", 0, terminal);
        foreach (var warning in warnings) WordWrap.Write(to, $"Look at this as well: {warning}", 0, terminal);
    }

    /// <param name="Believed">Whether <c>/fathom/connect</c> would accept the JWT.</param>
    /// <param name="UserId">The user; null where the JWT is refused.</param>
    /// <param name="Reason">The reason of the refusal: the metric's label, <c>settings</c>, or <c>unknown</c> where the JWT cannot be
    /// judged now.</param>
    internal sealed record Contents(
        bool Believed, string? UserId, string? Algorithm, string? Reason, string Detail, IReadOnlyList<string> Warnings);
}
