using FathomGateway.Cli.Doctor;
using FathomGateway.Hosting;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FathomGateway.Tests.Settings;

/// <summary>What start and doctor tell of settings, in this process and without looking at anything beside them.</summary>
internal sealed record SettingsMessages(bool Starts, string Message, DoctorReport.Contents Report)
{
    public static SettingsMessages Of(params IEnumerable<(string Name, string? Value)> changes) => Of(TestSettings.Embedded(changes));

    public static SettingsMessages Of(IDictionary<string, string?> given)
    {
        try
        {
            using var host = Program.Build(TestSettings.Configuration(given), logging => logging.ClearProviders());
            var settings = host.Services.GetRequiredService<SettingsReader>();
            return new SettingsMessages(true, string.Join('\n', settings.Warnings), Read(settings, settings.Warnings));
        }
        catch (SettingsException failure)
        {
            return new SettingsMessages(
                false, failure.Message, Read(failure.Settings, [.. failure.Faults.Select(fault => $"{fault.Name} {fault.Remedy}")]));
        }
        catch (Exception failure) when (StartupFailure.IsConfiguration(failure))
        {
            return new SettingsMessages(
                false,
                StartupFailure.Explain(failure) ?? throw new InvalidOperationException("Nobody foresaw this.", failure),
                new DoctorReport.Contents([], []));
        }
    }

    /// <summary>All that the doctor prints but the values of settings that are known to be harmless.</summary>
    public string Printed()
    {
        using var text = new StringWriter();
        var report = Report with { Settings = [.. Report.Settings.Where(one => !DoctorSettings.IsHarmless(one.Name))] };
        DoctorReport.WriteTable(text, report, terminal: null);
        DoctorReport.WriteJson(text, report);
        return $"{text}";
    }

    private static DoctorReport.Contents Read(SettingsReader settings, IReadOnlyList<string> said) =>
        new(DoctorSettings.Read(settings), [.. said.Select(one => new DoctorFinding("configuration", DoctorStatus.Warn, one))]);
}
