using FathomGateway.Hosting;
using FathomGateway.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FathomGateway.Cli.Doctor;

/// <summary><c>gateway doctor</c>: what is configured, where it came from, and whether everything it leads to works. It serves nothing; like a start, it makes schema and embedded key where they are missing.</summary>
internal static class DoctorCommand
{
    private const int Sound = 0, Unsound = 1;

    /// <param name="configuration">Loads the configuration.</param>
    /// <param name="build">Builds the gateway, which is not started.</param>
    /// <param name="sendsEvent">Whether the receiver of events is posted a signed one, to see what it says.</param>
    /// <returns>0 when nothing needs mending, else 1.</returns>
    public static async Task<int> RunAsync(Func<IConfiguration> configuration, Func<IConfiguration, IHost> build, bool json, bool sendsEvent)
    {
        var report = await ExamineAsync(configuration, build, sendsEvent);
        if (json) DoctorReport.WriteJson(Console.Out, report);
        else DoctorReport.WriteTable(Console.Out, report, TerminalWidth());
        return report.Findings.Any(one => one.Status == DoctorStatus.Fail) ? Unsound : Sound;
    }

    /// <returns>Null where no terminal shows the table: a file keeps each finding on one line, for grep.</returns>
    private static int? TerminalWidth() => Console.IsOutputRedirected ? null : Console.WindowWidth;

    internal static async Task<DoctorReport.Contents> ExamineAsync(
        Func<IConfiguration> configuration, Func<IConfiguration, IHost> build, bool sendsEvent = false)
    {
        try
        {
            using var host = build(configuration());
            var settings = host.Services.GetRequiredService<SettingsReader>();
            var found = await FindAsync(host.Services, new DoctorProgress(Console.Error, watched: !Console.IsErrorRedirected));
            DoctorFinding[] sent = sendsEvent ? [await DoctorTestEvent.SendAsync(host.Services)] : [];
            return new DoctorReport.Contents(
                DoctorSettings.Read(settings),
                [.. settings.Warnings.Select(Warning), .. found, .. sent]);
        }
        catch (SettingsException failure)
        {
            // Nothing else can be looked at with settings that cannot be used.
            return new DoctorReport.Contents(
                DoctorSettings.Read(failure.Settings),
                [
                    .. failure.Faults.Select(fault => new DoctorFinding(fault.Name, DoctorStatus.Fail, fault.Remedy)),
                    .. failure.Settings.Warnings.Select(Warning),
                ]);
        }
        catch (Exception failure)
        {
            // The framework's own sections, and files that are no JSON.
            var told = StartupFailure.Explain(failure) ?? "The gateway cannot start, in a way that was not foreseen "
                + $"({failure.GetType().Name}).";
            return new DoctorReport.Contents([], [new DoctorFinding("configuration", DoctorStatus.Fail, told.ReplaceLineEndings(" "))]);
        }
    }

    /// <summary>What the checks say of everything that the settings lead to.</summary>
    internal static async Task<IReadOnlyList<DoctorFinding>> FindAsync(IServiceProvider services, DoctorProgress progress)
    {
        var found = await LookAsync(services, progress);
        return [.. found.Select(Finding), DoctorClockSkew.Judge(found)];
    }

    /// <summary>Each check by itself and all side by side, so that one that waits for a black hole holds up no other.</summary>
    private static async Task<IReadOnlyList<KeyValuePair<string, HealthReportEntry>>> LookAsync(IServiceProvider services, DoctorProgress progress)
    {
        var checks = services.GetRequiredService<HealthCheckService>();
        var all = services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;
        List<KeyValuePair<string, HealthReportEntry>> found = [];
        // Those of the readiness probe come second: they give a store that is met for the first time too little time.
        foreach (var round in all.Where(one => !DoctorChecks.IsForProbeOnly(one)).GroupBy(DoctorChecks.IsForDoctorOnly).OrderByDescending(round => round.Key))
        {
            var looks = round.Select(one => progress.WatchAsync(one.Name, checks.CheckHealthAsync(check => check == one)));
            foreach (var report in await Task.WhenAll(looks)) found.AddRange(report.Entries);
        }

        return found;
    }

    private static DoctorFinding Warning(string warning) => new("configuration", DoctorStatus.Warn, warning);

    private static DoctorFinding Finding(KeyValuePair<string, HealthReportEntry> check)
    {
        var status = check.Value switch
        {
            // What a check did not foresee is no description of its own.
            { Exception: not null } => DoctorStatus.Fail,
            { Status: HealthStatus.Healthy } => DoctorStatus.Ok,
            { Status: HealthStatus.Degraded } => DoctorStatus.Warn,
            _ => DoctorStatus.Fail,
        };
        // A check of the readiness probe says no more than whether it passes.
        return new DoctorFinding(check.Key, status, check.Value.Description ?? (status == DoctorStatus.Ok ? "Up, by the probe of /health/ready." : "Down, by the probe of /health/ready."));
    }
}
