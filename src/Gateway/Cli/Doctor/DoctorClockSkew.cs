using System.Globalization;
using FathomGateway.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Cli.Doctor;

/// <summary>This machine's clock against those that the checks met. No rule tells whose is wrong, but where most disagree it is ours.</summary>
internal static class DoctorClockSkew
{
    public static DoctorFinding Judge(IEnumerable<KeyValuePair<string, HealthReportEntry>> checks)
    {
        var seen = checks.Select(one => (one.Key, Difference: ClockSkew.In(one.Value.Data))).Where(one => one.Difference is not null).Select(one => (Who: one.Key, Difference: one.Difference!.Value)).ToArray();
        if (seen.Length == 0) return Finding(DoctorStatus.Ok, "No other clock was met to compare this machine's with.");
        var all = string.Join(", ", seen.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Who} {one.Difference.TotalSeconds:+0;-0;0} s")));
        var off = seen.Where(one => one.Difference.Duration() > ClockSkew.Largest).ToArray();
        if (off.Length == 0) return Finding(DoctorStatus.Ok, $"Agrees with: {all}.");
        if (2 * off.Length > seen.Length && off.All(one => one.Difference > TimeSpan.Zero == off[0].Difference > TimeSpan.Zero))
        {
            return Finding(DoctorStatus.Fail, $"This machine's clock is {(off[0].Difference > TimeSpan.Zero ? "slow" : "fast")}, against {all}: synchronise it (NTP), or JWTs and tokens end too early or too late.");
        }

        return Finding(DoctorStatus.Warn, $"Not all clocks agree with this machine's: {all}. Synchronise those that are off (NTP); JWTs are judged by this machine's.");
    }

    private static DoctorFinding Finding(DoctorStatus status, string detail) => new("clock", status, detail);
}
