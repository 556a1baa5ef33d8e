using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Cli;

[Trait("Speed", "Slow")]
public sealed class ReencryptCommandTests(RealStores stores)
{
    private static readonly string[] Reencrypt = ["keys", "reencrypt"];
    private static readonly string OldKey = TestSettings.NewKey("old"), NewKey = TestSettings.NewKey("new");

    [Fact]
    public async Task The_reencrypt_command_needs_only_the_database_and_the_keys()
    {
        var (exitCode, output, errors) = await GatewayProcess.RunAsync(Reencrypt, new Dictionary<string, string?>());

        Assert.Equal((78, ""), (exitCode, output));
        Assert.Contains("2 settings", errors, StringComparison.Ordinal);
        Assert.Contains("DATABASE_URL", errors, StringComparison.Ordinal);
        Assert.Contains("TOKEN_ENCRYPTION_KEYS", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reencrypt_command_reports_a_folder_without_the_database_file_and_leaves_it_empty()
    {
        var folder = TempFolder.Create("data");
        var (exitCode, _, errors) =
            await GatewayProcess.RunAsync(Reencrypt, new Dictionary<string, string?> { ["EMBEDDED"] = "true", ["DATA_DIR"] = folder });

        Assert.Equal(78, exitCode);
        Assert.Contains("DATA_DIR", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task The_reencrypt_command_ends_with_1_and_a_remedy_when_the_database_is_down()
    {
        var (exitCode, output, errors) =
            await GatewayProcess.RunAsync(Reencrypt, Settings("postgresql://someone:a-password@127.0.0.1:9/nowhere"));

        Assert.Equal(1, exitCode);
        Assert.Contains("moved          0", output, StringComparison.Ordinal);
        Assert.Contains("DATABASE_URL", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("a-password", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reencrypt_command_works_on_the_file_of_an_embedded_gateway_that_serves_T25()
    {
        var folder = TempFolder.Create("data");
        await using var stage = await Stage.StartAsync(("DATA_DIR", folder), ("TOKEN_ENCRYPTION_KEYS", OldKey));
        await stage.LinkAsync("ann");
        var settings = new Dictionary<string, string?>
        {
            ["EMBEDDED"] = "true",
            ["DATA_DIR"] = folder,
            ["TOKEN_ENCRYPTION_KEYS"] = $"{NewKey},{OldKey}"
        };

        var (exitCode, output, errors) = await GatewayProcess.RunAsync(Reencrypt, settings);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("moved          1", output, StringComparison.Ordinal);
        Assert.StartsWith("v1:new:", (await stage.ConnectionAsync("ann"))!.AccessToken.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await stage.ConnectionAsync("ann"))!.Version);
    }

    [Fact]
    public async Task The_reencrypt_command_stops_between_two_rows_and_does_the_rest_when_run_again_F20()
    {
        var url = await stores.NewDatabaseAsync();
        await using var stage =
            await Stage.StartAsync(TestSettings.OnRealStores(await stores.RedisAsync(), url, ("TOKEN_ENCRYPTION_KEYS", OldKey)));
        foreach (var user in (string[])["ann", "ben", "cid"]) await stage.LinkAsync(user);

        // Another transaction holds the second row. The command waits for it, and is asked to stop meanwhile.
        await using var holder = await PostgresTestDatabase.OpenAsync(url);
        await using var hold = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command =
            new Npgsql.NpgsqlCommand("SELECT 1 FROM fathom_connections WHERE user_id = 'ben' FOR UPDATE", holder, hold))
        {
            await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }

        await using var process = GatewayCommand.Start(Reencrypt, Settings(url));
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                Assert.False(process.HasExited, process.Errors);
                return await PostgresTestDatabase.LockWaitsAsync(url) == 1;
            },
            TimeSpan.FromSeconds(60),
            "the command waits for the row");
        process.Send(Signal.Terminate);
        await Eventually.BecomesTrueAsync(
            () => process.Errors.Contains("Stopping", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "the signal has been heard");
        await hold.RollbackAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, await process.ExitCodeAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("Stopped", process.Errors, StringComparison.Ordinal);
        Assert.Contains("moved          2", process.Output, StringComparison.Ordinal);

        var (exitCode, output, _) = await GatewayProcess.RunAsync(Reencrypt, Settings(url));
        Assert.Equal(0, exitCode);
        Assert.Contains("moved          1\nalready there  2\nunreadable     0", output, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Settings(string databaseUrl) =>
        new() { ["DATABASE_URL"] = $"{databaseUrl}?Timeout=60&Command%20Timeout=300", ["TOKEN_ENCRYPTION_KEYS"] = $"{NewKey},{OldKey}" };
}
