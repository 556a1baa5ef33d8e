using Xunit;

namespace FathomGateway.Tests.Kit;

/// <summary>A published file, which runs as a process of its own.</summary>
internal sealed partial class GatewayUnderTest
{
    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LogLimit = TimeSpan.FromSeconds(10);

    private string? _apiKey;

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
            return new GatewayUnderTest(Build(settings, new CapturedLog(), null), log, process.Public, process.Internal, process)
            {
                _apiKey = settings.TryGetValue("INTERNAL_API_KEY", out var key) ? key : null,
            };
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

    /// <summary>
    /// A process writes its lines after it has answered. Returns once the audit line of a request of now is here, and so all before it.
    /// </summary>
    private void ReadToNow()
    {
        if (_apiKey is null) return;
        var user = $"log-{Guid.NewGuid():n}";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"connections/{user}");
        request.Headers.Authorization = new("Bearer", _apiKey);
        using var limit = new CancellationTokenSource(LogLimit);
        InternalClient.Send(request, limit.Token).Dispose();
        // Where the level of the log leaves out audit lines, none comes.
        SpinWait.SpinUntil(() => _log.Lines.Any(line => line.Contains(user, StringComparison.Ordinal)), LogLimit);
    }
}
