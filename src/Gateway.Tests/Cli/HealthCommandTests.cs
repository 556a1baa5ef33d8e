using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary><c>gateway health</c>, the health check of an image without a shell.</summary>
[Trait("Speed", "Slow")]
public sealed class HealthCommandTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("*")]
    [InlineData("0.0.0.0")]
    public async Task The_health_command_ends_with_0_when_a_gateway_is_live(string? host)
    {
        await using var gateway = await GatewayProcess.StartAsync(TestSettings.Embedded());

        var (exitCode, output, errors) = await GatewayProcess.RunAsync(
            ["health"], new Dictionary<string, string?> { ["MANAGEMENT_PORT"] = $"{gateway.Internal.Port}", ["MANAGEMENT_HOST"] = host });

        Assert.Equal((0, "", ""), (exitCode, output, errors));
    }

    [Fact]
    public async Task The_health_command_ends_with_1_and_a_reason_when_no_gateway_answers()
    {
        var port = FreePort.Next();

        var (exitCode, _, errors) =
            await GatewayProcess.RunAsync(["health"], new Dictionary<string, string?> { ["MANAGEMENT_PORT"] = $"{port}" });

        Assert.Equal(1, exitCode);
        Assert.Contains($"127.0.0.1:{port}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_command_ends_with_1_when_the_answer_is_no_success()
    {
        await using var backend = RecordingBackend.Start();
        backend.Answers("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");

        var (exitCode, _, errors) =
            await GatewayProcess.RunAsync(["health"], new Dictionary<string, string?> { ["MANAGEMENT_PORT"] = $"{backend.Address.Port}" });

        Assert.Equal(1, exitCode);
        Assert.Contains("503", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_command_names_a_setting_that_is_no_port()
    {
        var (exitCode, _, errors) =
            await GatewayProcess.RunAsync(["health"], new Dictionary<string, string?> { ["MANAGEMENT_PORT"] = "x" });

        Assert.Equal(1, exitCode);
        Assert.Contains("MANAGEMENT_PORT", errors, StringComparison.Ordinal);
    }
}
