using FathomGateway.Settings;

namespace FathomGateway.Cli.Doctor;

/// <summary>
/// <c>DOCTOR_AT_START</c>: logs the output of <c>gateway doctor</c> after the start, for hosts where no command can be run. Warnings about
/// settings are in the log already.
/// </summary>
internal sealed partial class DoctorAtStart(
    IServiceProvider services, SettingsReader settings, IHostApplicationLifetime lifetime, ILogger<DoctorAtStart> log) : BackgroundService
{
    public const string DoctorAtStartName = "DOCTOR_AT_START";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        try
        {
            foreach (var one in DoctorSettings.Read(settings))
            {
                var (value, origin) = (one.Value ?? "-", one.Origin ?? "not set");
                Set(log, one.Name, value, origin);
            }

            var looks = DoctorCommand.FindAsync(services, new DoctorProgress(TextWriter.Null, watched: false));
            var found = await looks.WaitAsync(stoppingToken);
            foreach (var one in found)
            {
                var level = Level(one.Status);
                Found(log, level, one.Subject, one.Detail);
            }

            var verdict = DoctorReport.Verdict(found);
            Judged(log, verdict);
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            // A failure of the doctor must not stop the gateway.
            NotExamined(log, failure);
        }
    }

    private static LogLevel Level(DoctorStatus status) => status switch
    {
        DoctorStatus.Ok => LogLevel.Information,
        DoctorStatus.Warn => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Doctor, setting {Name}: {Value} ({Origin})")]
    private static partial void Set(ILogger log, string name, string value, string origin);

    [LoggerMessage(Message = "Doctor, {Subject}: {Detail}")]
    private static partial void Found(ILogger log, LogLevel level, string subject, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "Doctor: {Verdict}")]
    private static partial void Judged(ILogger log, string verdict);

    [LoggerMessage(Level = LogLevel.Error, Message = "The doctor could not look at everything.")]
    private static partial void NotExamined(ILogger log, Exception failure);
}
