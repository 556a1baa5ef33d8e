using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Databases;
using Xunit;

namespace FathomGateway.Tests.Tokens;

public sealed class SqliteFileTests
{
    /// <summary>SQLite's number for FULL: the disk is asked to keep each commit before the commit returns.</summary>
    private const long Full = 2;

    /// <summary>The level belongs to a connection, not to the file: each one is asked, those from the driver's pool too.</summary>
    [Fact]
    public async Task Every_SQLite_connection_syncs_each_commit_to_the_disk()
    {
        var file = new SqliteFile(TempFolder.Create("sqlite"));
        await file.MigrateAsync();

        for (var round = 0; round < 2; round++)
        {
            await using var first = file.Open();
            await using var second = file.Open();
            foreach (var connection in new[] { first, second })
            {
                await using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA synchronous";
                Assert.Equal(Full, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
                command.CommandText = "PRAGMA journal_mode";
                Assert.Equal("wal", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
            }
        }
    }
}
