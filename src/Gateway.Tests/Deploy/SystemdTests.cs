using System.Globalization;
using System.Text.RegularExpressions;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Deploy;

/// <summary>deploy/systemd/fathom-gateway.service, judged by systemd's own programs, which need no running systemd for it.</summary>
public sealed partial class SystemdTests
{
    /// <summary>
    /// Of 10. What is left is the network, which a gateway needs, and pages both writable and executable, which .NET's compiler needs.
    /// </summary>
    private const double MaxExposure = 1.5;

    private static readonly string Unit = Installed.Read("deploy", "systemd", "fathom-gateway.service");

    [Fact]
    public async Task Systemd_accepts_the_unit()
    {
        var (exitCode, said) = await Installed.RunAsync("systemd-analyze", "verify", await CopyAsync());

        Assert.True(exitCode == 0 && said.Length == 0, said);
    }

    [Fact]
    public async Task The_systemd_unit_has_a_small_security_exposure()
    {
        var (_, said) = await Installed.RunAsync("systemd-analyze", "security", "--offline=true", "--no-pager", await CopyAsync());

        Assert.InRange(double.Parse(Exposure().Match(said).Groups[1].Value, CultureInfo.InvariantCulture), 0, MaxExposure);
    }

    [Fact]
    public void Each_credential_of_the_systemd_unit_is_passed_on_as_a_file()
    {
        var loaded = Credential().Matches(Unit).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(loaded);
        Assert.All(loaded, name => Assert.Contains($"{name}_FILE=%d/{name}", Unit, StringComparison.Ordinal));
    }

    [Fact]
    public void The_systemd_unit_waits_for_requests_and_does_not_restart_on_wrong_settings()
    {
        Assert.Contains("\nTimeoutStopSec=40\n", Unit, StringComparison.Ordinal);
        Assert.Contains("\nRestartPreventExitStatus=64 78\n", Unit, StringComparison.Ordinal);
    }

    // Systemd wants the program to be where the unit says; on this machine nothing is installed.
    private static async Task<string> CopyAsync()
    {
        Installed.Need("systemd-analyze");
        var copy = Path.Combine(TempFolder.Create("unit"), "fathom-gateway.service");
        await File.WriteAllTextAsync(copy, Unit.Replace("/opt/fathom-gateway/gateway", Environment.ProcessPath!, StringComparison.Ordinal));
        return copy;
    }

    [GeneratedRegex(@"Overall exposure level[^:]*: ([0-9.]+)")]
    private static partial Regex Exposure();

    [GeneratedRegex("^LoadCredential=([A-Z_]+):", RegexOptions.Multiline)]
    private static partial Regex Credential();
}
