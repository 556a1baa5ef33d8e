using FathomGateway.Tests.Cli;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FathomGateway.Tests.Settings;

/// <summary>A database by a Unix socket, in a folder whose name has colons as Google's Cloud SQL makes it.</summary>
public sealed class DatabaseSocketTests
{
    [Fact]
    public async Task A_PostgreSQL_socket_in_a_folder_with_colons_is_reached()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"s{Guid.NewGuid():n}"[..12]);
        await using var postgres = await PostgresServer.StartAsync("unix_socket_directories=/tmp");
        File.CreateSymbolicLink($"{folder}:region:instance", "/tmp");
        try
        {
            var url = new UriBuilder(await postgres.CreateDatabaseAsync());
            var address = $"postgresql://postgres@{url.Path}?host={folder}:region:instance&port={postgres.Port}";
            await Examination.FindsAsync(
                "postgres", TestSettings.OnRealStores("redis://127.0.0.1:9", address), HealthStatus.Healthy, "primary");
        }
        finally
        {
            File.Delete($"{folder}:region:instance");
        }
    }
}
