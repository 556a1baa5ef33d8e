using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Cli;

public sealed class DoctorAtStartTests
{
    [Fact]
    public async Task The_doctors_findings_are_logged_after_a_start_with_DOCTOR_AT_START()
    {
        await using var backend = RecordingBackend.Start();
        var settings = TestSettings.Embedded(("BACKEND_URL", $"{backend.Address}"), ("DOCTOR_AT_START", "true"));
        await using var gateway = await GatewayUnderTest.StartAsync(settings);

        await Eventually.BecomesTrueAsync(
            () => Lines(gateway).Any(IsVerdict), TimeSpan.FromMinutes(1), "the doctor has looked at everything");

        var lines = Lines(gateway);
        Assert.Contains(lines, line => line.Contains("Doctor, backend: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Doctor, setting JWT_SECRET: ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(settings["JWT_SECRET"]!, StringComparison.Ordinal));
        // No server listens there.
        Assert.Contains(
            lines,
            line => line.StartsWith("Error ", StringComparison.Ordinal) && line.Contains("Doctor, provider: ", StringComparison.Ordinal));
        Assert.Equal("backend", await gateway.Client.GetStringAsync("anything"));
    }

    [Fact]
    public async Task A_start_without_DOCTOR_AT_START_runs_no_check_of_the_doctor()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded());

        using var live = await gateway.InternalClient.GetAsync("health/live", TestContext.Current.CancellationToken);
        Assert.True(live.IsSuccessStatusCode);
        Assert.Empty(Lines(gateway));
    }

    private static string[] Lines(GatewayUnderTest gateway) =>
        [.. gateway.Log.Lines.Where(line => line.Contains("Doctor", StringComparison.Ordinal))];

    private static bool IsVerdict(string line) =>
        line.Contains("to fix", StringComparison.Ordinal) || line.Contains("Sound", StringComparison.Ordinal);
}
