using FathomGateway.Tests.Kit;
using Xunit;
using Xunit.Sdk;

namespace FathomGateway.Tests.KitTests;

[Trait("Speed", "Slow")]
public sealed class GatewayProcessTests
{
    [Fact]
    public async Task A_gateway_process_serves_and_exits_with_0_on_SIGTERM()
    {
        await using var backend = RecordingBackend.Start();
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded(("BACKEND_URL", backend.Address.ToString())));

        Assert.Equal("backend", await gateway.Client.GetStringAsync("x"));
        Assert.Equal(0, await gateway.TerminateAsync());
        Assert.Contains($"{gateway.Public.Port}", gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_gateway_process_is_silent_until_it_is_resumed()
    {
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded());

        gateway.Suspend();
        var answer = gateway.InternalClient.GetStringAsync("health/live");
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(500)));

        gateway.Resume();
        await answer.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_failed_start_of_a_gateway_process_shows_exit_code_and_output()
    {
        var settings = TestSettings.Embedded(("FATHOM_CLIENT_ID", null));

        var (exitCode, output, errors) = await GatewayProcess.RunAsync([], settings);
        Assert.Equal(78, exitCode);
        Assert.Contains("FATHOM_CLIENT_ID", output + errors, StringComparison.Ordinal);

        var fault = await Assert.ThrowsAsync<XunitException>(() => GatewayProcess.StartAsync(settings));
        Assert.Contains("FATHOM_CLIENT_ID", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_process_inherits_no_variable_of_the_machine()
    {
        Environment.SetEnvironmentVariable("FATHOM_TEST_LEAK", "leaked");

        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded());

        var environment = await File.ReadAllTextAsync($"/proc/{gateway.ProcessId}/environ");
        Assert.DoesNotContain("FATHOM_TEST_LEAK", environment, StringComparison.Ordinal);
        Assert.Contains("FATHOM_CLIENT_ID=" + TestSettings.ClientId, environment, StringComparison.Ordinal);
    }
}
