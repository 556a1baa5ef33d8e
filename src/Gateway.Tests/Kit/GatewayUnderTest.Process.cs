using Xunit;

namespace FathomGateway.Tests.Kit;

/// <summary>A published file, which runs as a process of its own.</summary>
internal sealed partial class GatewayUnderTest
{
    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(10);

    private static async Task<GatewayUnderTest> StartProcessAsync(IDictionary<string, string?> settings, TimeProvider? clock)
    {
        Assert.SkipWhen(clock is not null, "A process goes by the machine's clock.");
        var log = new CapturedLog();
        var variables = settings.ToDictionary(one => one.Key.Replace(":", "__", StringComparison.Ordinal), one => one.Value);
        var process = await GatewayProcess.StartAsync(variables, written: log.Read);
        try
        {
            await StoreTriedAsync(process.InternalClient);
            // Its stores are those that the process has made by now.
            return new GatewayUnderTest(Build(settings, new CapturedLog(), null), log, process.Public, process.Internal, process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for the schema, but no longer than a test that has its stores away would like to wait.</summary>
    private static async Task StoreTriedAsync(HttpClient client)
    {
        using var limit = new CancellationTokenSource(StoreLimit);
        while (!limit.IsCancellationRequested)
        {
            using var said = await client.GetAsync("health/ready", CancellationToken.None);
            var text = await said.Content.ReadAsStringAsync(CancellationToken.None);
            if (said.IsSuccessStatusCode && !text.Contains("\"store\":\"down\"", StringComparison.Ordinal)) return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
    }

    private static async Task EndProcessAsync(GatewayProcess process)
    {
        await using var _ = process;
        if (process.HasExited) return;
        Assert.Equal(0, await process.TerminateAsync());
    }
}
