namespace FathomGateway.Tests.Kit;

/// <summary>Streaming replication: a second server that follows the first, takes over, and is followed in turn.</summary>
internal sealed partial class PostgresServer
{
    /// <summary>A hot standby with everything that the primary has, following it.</summary>
    public static async Task<PostgresServer> StandbyOfAsync(PostgresServer primary)
    {
        var server = new PostgresServer(primary._options);
        await PostgresPrograms.GiveAsync(server._folder);
        await server.CopyAsync(primary);
        await server.LaunchAsync();
        return server;
    }

    /// <summary>
    /// From now on a commit is answered when a standby has it too: an acknowledged commit survives the loss of this server.
    /// </summary>
    public async Task CommitOnStandbyTooAsync()
    {
        await PostgresTestDatabase.QueryAsync(ConnectionString(User), "ALTER SYSTEM SET synchronous_standby_names = '*'");
        await PostgresTestDatabase.QueryAsync(ConnectionString(User), "SELECT pg_reload_conf()");
        await Eventually.BecomesTrueAsync(
            async () => await PostgresTestDatabase.QueryAsync(
                ConnectionString(User),
                "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") is 1L, StartLimit, "the standby is synchronous");
    }

    /// <summary>Makes a standby the primary; it takes writes on return.</summary>
    public Task PromoteAsync() => PostgresTestDatabase.QueryAsync(ConnectionString(User), "SELECT pg_promote(true, 60)");

    /// <summary>
    /// Starts again on the same port as a standby of the one that took over, as an operator or a fail-over tool brings a former primary
    /// back.
    /// </summary>
    public async Task ReturnAsStandbyOfAsync(PostgresServer primary)
    {
        await EndAsync();
        Directory.Delete(DataFolder, recursive: true);
        await CopyAsync(primary);
        await LaunchAsync();
    }

    /// <summary>Whether every row of the primary is here.</summary>
    public async Task<bool> IsInStepWithAsync(PostgresServer primary)
    {
        var position = await PostgresTestDatabase.QueryAsync(primary.ConnectionString(User), "SELECT pg_current_wal_lsn()::text");
        return (bool)(await PostgresTestDatabase.QueryAsync(
            ConnectionString(User), $"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn"))!;
    }

    private async Task CopyAsync(PostgresServer primary)
    {
        await using var backup = ChildProcess.Start(PostgresPrograms.Command(
            "pg_basebackup", "-h", "127.0.0.1", "-p", $"{primary.Port}", "-U", User, "-D", DataFolder, "-R", "-X", "stream", "-c",
            "fast", "--no-sync"));
        if (await backup.ExitCodeAsync(TimeSpan.FromMinutes(2)) != 0)
            throw new InvalidOperationException($"pg_basebackup failed:\n{backup.Errors}");
    }
}
