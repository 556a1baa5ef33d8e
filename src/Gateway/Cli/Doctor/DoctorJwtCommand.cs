using FathomGateway.Hosting;
using FathomGateway.Settings;
using FathomGateway.Users;
using FathomGateway.Users.Diagnosis;

namespace FathomGateway.Cli.Doctor;

/// <summary>
/// <c>gateway doctor --jwt -</c>: verifies a JWT from standard input and prints its user or the reason of the refusal, but never the JWT.
/// Reads only the JWT settings, so it works while stores are down or not configured.
/// </summary>
internal static class DoctorJwtCommand
{
    private const int Accepted = 0, Rejected = 1;

    /// <returns>0 where the JWT is accepted, else 1.</returns>
    public static async Task<int> RunAsync(Func<IConfiguration> configuration, bool json)
    {
        if (!Console.IsInputRedirected) await Console.Error.WriteLineAsync("Paste the JWT, then press Enter and Ctrl+D.");
        var report = await JudgeAsync(configuration, await ReadAsync(Console.In));
        if (json) report.WriteJson(Console.Out);
        else report.WriteText(Console.Out, DoctorCommand.TerminalWidth());
        return report.IsAccepted ? Accepted : Rejected;
    }

    /// <summary>Reads at most the length of two JWTs. Longer input is no JWT.</summary>
    private static async Task<string> ReadAsync(TextReader input)
    {
        var text = new char[2 * JwtVerification.MaxJwtLength];
        return new string(text, 0, await input.ReadBlockAsync(text));
    }

    private static async Task<DoctorJwtReport> JudgeAsync(Func<IConfiguration> configuration, string input)
    {
        try
        {
            var settings = new SettingsReader(configuration());
            await using var services = new ServiceCollection()
                .AddLogging().AddSingleton(TimeProvider.System).AddUsers(settings).BuildServiceProvider();
            settings.ThrowIfFaulty();
            return new DoctorJwtReport(await services.GetRequiredService<JwtDiagnosis>().ExamineAsync(input), settings.Warnings);
        }
        catch (SettingsException failure)
        {
            var faults = failure.Faults.Select(fault => $"{fault.Name} {fault.Remedy}");
            return new DoctorJwtReport(new JwtFinding(null, null, "settings", string.Join(" ", faults)), failure.Settings.Warnings);
        }
        catch (Exception failure)
        {
            // Configuration files that are not JSON, or a working directory that was removed.
            var said = StartupFailure.Summary(failure).ReplaceLineEndings(" ");
            return new DoctorJwtReport(new JwtFinding(null, null, "settings", said), []);
        }
    }
}
