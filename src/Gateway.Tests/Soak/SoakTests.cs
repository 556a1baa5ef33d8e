using System.Globalization;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Soak;

/// <summary>Random faults under load while a model checks what is promised. <c>bench/soak.sh</c> runs the same for longer.</summary>
[Trait("Speed", "Exhaustive")]
public sealed class SoakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Random_faults_under_load_break_no_promise_P1_P2_P3_P4_P5()
    {
        var minutes = double.Parse(Environment.GetEnvironmentVariable("SOAK_MINUTES") ?? "2", CultureInfo.InvariantCulture);
        var seed =
            int.Parse(Environment.GetEnvironmentVariable("SOAK_SEED") ?? $"{Random.Shared.Next(1_000_000)}", CultureInfo.InvariantCulture);
        await using var environment = await SoakEnvironment.StartAsync();

        var verdict = await new SoakRun(environment, TimeSpan.FromMinutes(minutes), seed).RunAsync();

        output.WriteLine(verdict);
        LongTest.Report(verdict);
        Assert.True(environment.Model.Violations.Count == 0, verdict);
    }
}
