using FathomGateway.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FathomGateway.Cli;

/// <summary><c>gateway doctor</c>: what is configured, where it came from, and whether everything it leads to works. It serves nothing; like a start, it makes schema and embedded key where they are missing.</summary>
internal static class DoctorCommand
{
    private const int Sound = 0, Unsound = 1;

    /// <param name="build">Builds the gateway, which is not started.</param>
    /// <returns>0 when nothing needs mending, else 1.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, Func<IConfiguration, IHost> build, bool json)
    {
        var report = await ExamineAsync(configuration, build);
        if (json) DoctorReport.WriteJson(Console.Out, report);
        else DoctorReport.WriteTable(Console.Out, report, colored: !Console.IsOutputRedirected);
        return report.Findings.Any(one => one.Status == DoctorStatus.Fail) ? Unsound : Sound;
    }

    private static async Task<DoctorReport.Contents> ExamineAsync(IConfiguration configuration, Func<IConfiguration, IHost> build)
    {
        try
        {
            using var host = build(configuration);
            var settings = host.Services.GetRequiredService<SettingsReader>();
            var checks = host.Services.GetRequiredService<HealthCheckService>();
            // Those of the readiness probe come second: they give a store that is met for the first time too little time.
            var thorough = await checks.CheckHealthAsync(DoctorChecks.IsForDoctorOnly);
            var probe = await checks.CheckHealthAsync(check => !DoctorChecks.IsForDoctorOnly(check));
            var warnings = settings.Warnings.Select(warning => new DoctorFinding("configuration", DoctorStatus.Warn, warning));
            return new DoctorReport.Contents(DoctorSettings.Read(settings), [.. warnings, .. thorough.Entries.Concat(probe.Entries).Select(Finding)]);
        }
        catch (SettingsException failure)
        {
            // Nothing else can be looked at with settings that cannot be used.
            return new DoctorReport.Contents([], [.. failure.Faults.Select(fault => new DoctorFinding(fault.Name, DoctorStatus.Fail, fault.Remedy))]);
        }
    }

    private static DoctorFinding Finding(KeyValuePair<string, HealthReportEntry> check)
    {
        var status = check.Value.Status switch
        {
            HealthStatus.Healthy => DoctorStatus.Ok,
            HealthStatus.Degraded => DoctorStatus.Warn,
            _ => DoctorStatus.Fail,
        };
        // A check of the readiness probe says no more than whether it passes.
        return new DoctorFinding(check.Key, status, check.Value.Description ?? (status == DoctorStatus.Ok ? "Up." : "Down."));
    }
}
