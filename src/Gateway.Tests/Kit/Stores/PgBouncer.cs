using Xunit.Sdk;

namespace FathomGateway.Tests.Kit;

/// <summary>A real pgbouncer in transaction mode: each transaction may run on another session of the server.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder = TempFolder.Create("pgbouncer");
    private ChildProcess? _process;

    private PgBouncer()
    {
    }

    public int Port { get; } = FreePort.Next();

    public static async Task<PgBouncer> StartAsync(PostgresServer server)
    {
        var bouncer = new PgBouncer();
        await PostgresPrograms.GiveAsync(bouncer._folder);
        await File.WriteAllTextAsync(Path.Combine(bouncer._folder, "users"), "\"postgres\" \"\"\n");
        var file = Path.Combine(bouncer._folder, "pgbouncer.ini");
        await File.WriteAllLinesAsync(file,
        [
            "[databases]", $"* = host=127.0.0.1 port={server.Port}",
            "[pgbouncer]", "listen_addr = 127.0.0.1", $"listen_port = {bouncer.Port}", "unix_socket_dir =", "auth_type = trust",
            $"auth_file = {Path.Combine(bouncer._folder, "users")}", "pool_mode = transaction", "default_pool_size = 4",
        ]);
        bouncer._process = ChildProcess.Start(PostgresPrograms.Command("pgbouncer", file));
        await Eventually.BecomesTrueAsync(() => bouncer.AnswersAsync(server), StartLimit, "pgbouncer answers");
        return bouncer;
    }

    /// <summary>The same database, through the pooler.</summary>
    public string Through(string databaseUrl) => PostgresTestDatabase.Through(databaseUrl, Port);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        TempFolder.Remove(_folder);
    }

    private async Task<bool> AnswersAsync(PostgresServer server)
    {
        if (_process!.HasExited) throw new XunitException($"pgbouncer ended:\n{_process.Errors}");
        return await PostgresTestDatabase.QueryAsync(Through(server.ConnectionString("postgres")), "SELECT 1") is 1;
    }
}
