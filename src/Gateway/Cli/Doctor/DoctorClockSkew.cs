using System.Globalization;
using FathomGateway.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Cli.Doctor;

/// <summary>
/// Compares this machine's clock with the clocks that the checks have seen. No check can tell which clock is wrong. Where most clocks
/// differ from this machine's, this machine's is most likely the wrong one.
/// </summary>
internal static class DoctorClockSkew
{
    public static DoctorFinding Judge(IEnumerable<KeyValuePair<string, HealthReportEntry>> checks)
    {
        var seen = checks.Select(one => (Who: one.Key, Difference: ClockSkew.In(one.Value.Data)))
            .Where(one => one.Difference is not null)
            .Select(one => (one.Who, Difference: one.Difference!.Value))
            .ToArray();
        if (seen.Length == 0) return Finding(DoctorStatus.Ok, "No check reported another clock to compare this machine's with.");
        var differences = seen.Select(
            one => string.Create(CultureInfo.InvariantCulture, $"{one.Who} {one.Difference.TotalSeconds:+0;-0;0} s"));
        var all = string.Join(", ", differences);
        var off = seen.Where(one => one.Difference.Duration() > ClockSkew.Max).ToArray();
        if (off.Length == 0) return Finding(DoctorStatus.Ok, $"Agrees with: {all}.");
        if (2 * off.Length > seen.Length && off.All(one => one.Difference > TimeSpan.Zero == off[0].Difference > TimeSpan.Zero))
        {
            var direction = off[0].Difference > TimeSpan.Zero ? "slow" : "fast";
            return Finding(
                DoctorStatus.Fail,
                $"This machine's clock is {direction}, against {all}: synchronise it (NTP), or JWTs and tokens end too early or too late.");
        }

        return Finding(
            DoctorStatus.Warn,
            $"Not all clocks agree with this machine's: {all}. Synchronise those that are off (NTP); JWTs are judged by this machine's.");
    }

    private static DoctorFinding Finding(DoctorStatus status, string detail) => new("clock", status, detail);
}
