using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Faults;

[Trait("Speed", "Slow")]
public sealed class BlockedLogTests
{
    /// <summary>
    /// Of lines of 100 bytes or more: what a pipe holds (64 kB), what the logger's queue holds (2,500 lines), and as much again.
    /// </summary>
    private const int Requests = 8_000;

    [Fact]
    public async Task A_log_that_is_no_longer_read_blocks_no_request_F25()
    {
        var folder = TempFolder.Create("log");
        var pipe = Path.Combine(folder, "pipe");
        await ChildProcess.RunAsync("mkfifo", pipe);
        await using var backend = RecordingBackend.Start();
        // A reader that holds the pipe open and reads nothing, as a log collector that hangs.
        await using var reader = ChildProcess.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"exec sleep 600 <{pipe}"]));
        await using var gateway = await GatewayProcess.StartAsync(
            TestSettings.Embedded(("BACKEND_URL", $"{backend.Address}"), ("ACCESS_LOG", "true")), redirection: $">{pipe} 2>&1");

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Requests),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken },
            async (_, cancel) => Assert.Equal(
                "backend", await gateway.Client.GetStringAsync("anything/with/a/path/that/is/long/enough/to/fill/a/line", cancel)));

        Assert.True(await gateway.IsReadyAsync());
        TempFolder.Remove(folder);
    }
}
