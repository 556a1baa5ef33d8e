using FathomGateway.Hosting;
using FathomGateway.Settings;
using FathomGateway.Settings.Registration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FathomGateway.Cli.Doctor;

/// <summary>
/// <c>gateway doctor</c>: shows the settings with their origin and checks everything that they refer to. It does not serve. Like a start,
/// it creates the schema and the embedded key where they are missing.
/// </summary>
internal static class DoctorCommand
{
    private const int Healthy = 0, Unhealthy = 1;

    /// <param name="configuration">Loads the configuration.</param>
    /// <param name="build">Builds the gateway, which is not started.</param>
    /// <param name="sendsEvent">Whether to post a signed test event to the event receiver.</param>
    /// <returns>0 when nothing has to be fixed, else 1.</returns>
    public static async Task<int> RunAsync(
        Func<IConfiguration> configuration, Func<IConfiguration, IHost> build, bool json, bool sendsEvent)
    {
        var report = await ExamineAsync(configuration, build, sendsEvent);
        if (json) DoctorReport.WriteJson(Console.Out, report);
        else DoctorReport.WriteTable(Console.Out, report, TerminalWidth());
        return report.Findings.Any(one => one.Status == DoctorStatus.Fail) ? Unhealthy : Healthy;
    }

    /// <returns>Null where the output is redirected: a file keeps each finding on one line, for grep.</returns>
    internal static int? TerminalWidth() => Console.IsOutputRedirected ? null : Console.WindowWidth;

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
            // Without usable settings nothing else can be checked.
            return new DoctorReport.Contents(
                DoctorSettings.Read(failure.Settings),
                [
                    .. failure.Faults.Select(fault => new DoctorFinding(fault.Name, DoctorStatus.Fail, fault.Remedy)),
                    .. failure.Settings.Warnings.Select(Warning),
                ]);
        }
        catch (Exception failure)
        {
            // Faults in the framework's own sections, and files that are not JSON.
            var told = StartupFailure.Summary(failure).ReplaceLineEndings(" ");
            return new DoctorReport.Contents([], [new DoctorFinding("configuration", DoctorStatus.Fail, told)]);
        }
    }

    /// <summary>Runs the checks and returns their findings.</summary>
    internal static async Task<IReadOnlyList<DoctorFinding>> FindAsync(IServiceProvider services, DoctorProgress progress)
    {
        var found = await RunChecksAsync(services, progress);
        return [.. found.Select(Finding), DoctorClockSkew.Judge(found)];
    }

    /// <summary>Runs the checks concurrently, so that one that waits for a timeout does not delay the others.</summary>
    private static async Task<IReadOnlyList<KeyValuePair<string, HealthReportEntry>>> RunChecksAsync(
        IServiceProvider services, DoctorProgress progress)
    {
        var checks = services.GetRequiredService<HealthCheckService>();
        var all = services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;
        List<KeyValuePair<string, HealthReportEntry>> found = [];
        // The probe's checks run second, because their time limit is too short for the first connection to a store.
        var rounds = all.Where(one => !DoctorChecks.IsForProbeOnly(one))
            .GroupBy(DoctorChecks.IsForDoctorOnly)
            .OrderByDescending(round => round.Key);
        foreach (var round in rounds)
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
            { Exception: not null } => DoctorStatus.Fail,
            { Status: HealthStatus.Healthy } => DoctorStatus.Ok,
            { Status: HealthStatus.Degraded } => DoctorStatus.Warn,
            _ => DoctorStatus.Fail,
        };
        // A check of the readiness probe reports only whether it passes.
        var byProbe = status == DoctorStatus.Ok ? "Up, by the probe of /health/ready." : "Down, by the probe of /health/ready.";
        // No check passes an exception on: it is unexpected, and the framework has made its message the description. A library's message
        // may hold a setting's value.
        var detail = check.Value.Exception is { } unexpected
            ? $"The check ended with an unexpected exception: {unexpected.GetType().Name}."
            : check.Value.Description ?? byProbe;
        return new DoctorFinding(check.Key, status, detail);
    }
}
