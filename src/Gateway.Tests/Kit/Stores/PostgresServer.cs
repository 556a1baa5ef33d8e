using Npgsql;
using Xunit.Sdk;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// A real PostgreSQL server in a folder of its own: loopback only, no passwords, no fsync (a power cut is not among the faults tested).
/// </summary>
internal sealed partial class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>A data folder as initdb leaves it. Servers start from copies of it: initdb takes a second of a core.</summary>
    private static readonly Lazy<Task<string>> Initialized = new(InitializeAsync);

    private readonly string _folder = TempFolder.Create("postgres");
    private readonly string[] _options;
    private readonly List<int> _killed = [];
    private string? _skew;
    private ChildProcess? _postmaster;

    private PostgresServer(string[] options) => _options = options;

    public int Port { get; } = FreePort.Next();

    private string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Starts a server; each option is a <c>name=value</c> of postgresql.conf, such as <c>max_connections=20</c>.</summary>
    public static async Task<PostgresServer> StartAsync(params string[] options)
    {
        var server = new PostgresServer(options);
        await PostgresPrograms.GiveAsync(server._folder);
        await ChildProcess.RunAsync("cp", "-a", await Initialized.Value, server.DataFolder);
        await server.LaunchAsync();
        return server;
    }

    /// <summary>Starts again with a clock that is off by this much, such as <c>-300s</c>.</summary>
    public Task SkewAsync(string skew)
    {
        _skew = skew;
        return RestartAsync();
    }

    public string ConnectionString(string database) => $"postgresql://{User}@127.0.0.1:{Port}/{database}";

    /// <summary>Makes an empty database of a new name and returns its URL.</summary>
    public Task<string> CreateDatabaseAsync() => PostgresTestDatabase.CreateAsync(ConnectionString(User));

    /// <summary>The schema and every row of a database, as pg_dump writes them.</summary>
    public Task<string> DumpAsync(string database) => PostgresTestDatabase.DumpAsync(ConnectionString(database));

    /// <summary>SIGKILL to the postmaster and all its backends: connections break in mid-statement.</summary>
    public void Kill()
    {
        var backends = ProcessTree.ChildrenOf(_postmaster!.Id);
        // Once the postmaster is gone, its children cannot be identified.
        _killed.AddRange(backends);
        _postmaster.Kill();
        foreach (var backend in backends)
        {
            Signals.Send(backend, Signal.Kill);
        }
    }

    /// <summary>Starts again on the same port with the same data, killing what still runs there; recovery is complete on return.</summary>
    public async Task RestartAsync()
    {
        await EndAsync();
        await LaunchAsync();
    }

    /// <summary>
    /// Freezes the postmaster and all its backends: connections stay open, the kernel accepts new ones, and the server does not answer.
    /// </summary>
    public void Suspend() => ForAll(Signals.Suspend);

    public void Resume() => ForAll(Signals.Resume);

    public async ValueTask DisposeAsync()
    {
        if (_postmaster is not null)
        {
            await EndAsync();
        }

        TempFolder.Remove(_folder);
    }

    private static async Task<string> InitializeAsync()
    {
        var folder = TempFolder.Create("postgres-initialized");
        await PostgresPrograms.GiveAsync(folder);
        var data = Path.Combine(folder, "data");
        await using var initdb = ChildProcess.Start(PostgresPrograms.Command(
            "initdb", "-D", data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"));
        if (await initdb.ExitCodeAsync(TimeSpan.FromMinutes(2)) == 0) return data;
        throw new InvalidOperationException($"initdb failed:\n{initdb.Output}\n{initdb.Errors}");
    }

    private async Task LaunchAsync()
    {
        string[] settings =
        [
            // A server that is killed leaves its segments: in its own folder they go with it.
            "fsync=off", "dynamic_shared_memory_type=mmap", "listen_addresses=127.0.0.1", $"port={Port}",
            $"unix_socket_directories={_folder}",
            "max_connections=200", "shared_buffers=32MB", .. _options,
        ];
        _postmaster = ChildProcess.Start(SkewedClock.Under(
            _skew, PostgresPrograms.Command("postgres", ["-D", DataFolder, .. settings.SelectMany(s => new[] { "-c", s })])));
        await Eventually.BecomesTrueAsync(AnswersAsync, StartLimit, "PostgreSQL accepts connections");
    }

    private async Task<bool> AnswersAsync()
    {
        if (_postmaster!.HasExited)
        {
            throw new XunitException($"PostgreSQL ended:\n{_postmaster.Errors}");
        }

        await using var connection = await PostgresTestDatabase.OpenAsync(ConnectionString(User));
        return connection.State == System.Data.ConnectionState.Open;
    }

    // A backend that outlives its postmaster holds shared memory, and the next postmaster refuses to start while it does.
    private async Task EndAsync()
    {
        Kill();
        await _postmaster!.DisposeAsync();
        await Eventually.BecomesTrueAsync(() => !_killed.Any(ProcessTree.IsRunning), StartLimit, "the backends of PostgreSQL have ended");
        _killed.Clear();
        NpgsqlConnection.ClearAllPools();
    }

    private void ForAll(Action<int> send)
    {
        // The postmaster first, because it could fork further backends.
        send(_postmaster!.Id);
        foreach (var backend in ProcessTree.ChildrenOf(_postmaster.Id))
        {
            send(backend);
        }
    }
}
