using FathomGateway.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>One of the doctor's checks, as the command runs it: on a gateway that is built and not started.</summary>
internal static class Examination
{
    public static async Task<HealthReportEntry> OfAsync(string check, IDictionary<string, string?> settings)
    {
        using var host = Program.Build(TestSettings.Configuration(settings), logging => logging.ClearProviders());
        var report = await host.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(one => one.Name == check, TestContext.Current.CancellationToken);
        var entry = report.Entries[check];
        Assert.Null(entry.Exception);
        return entry;
    }

    public static async Task FindsAsync(string check, IDictionary<string, string?> settings, HealthStatus status, params string[] words)
    {
        var entry = await OfAsync(check, settings);
        Assert.True(entry.Status == status, $"{entry.Status}: {entry.Description}");
        Assert.All(words, word => Assert.Contains(word, entry.Description, StringComparison.Ordinal));
    }

    public static Task FindsRedisAsync(string url, HealthStatus status, params string[] words) =>
        FindsAsync("redis", TestSettings.Embedded(("REDIS_URL", url)), status, words);
}
