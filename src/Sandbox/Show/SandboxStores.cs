using FathomGateway.Sandbox.Frontend;

namespace FathomGateway.Sandbox.Show;

/// <summary>The gateway's stores, read from outside: their names and contents.</summary>
internal sealed class SandboxStores : IAsyncDisposable
{
    private readonly RedisStates? _redis;

    private SandboxStores(RedisStates? redis, StoredConnection rows, string rowsName)
    {
        (_redis, Rows, RowsName) = (redis, rows, rowsName);
        if (redis is not null) ReadStates = redis.ReadAsync;
    }

    /// <summary>Redis, or the gateway's memory.</summary>
    public string StatesName => _redis is null ? "memory" : "Redis";

    /// <summary>PostgreSQL, or SQLite.</summary>
    public string RowsName { get; }

    /// <summary>The rows.</summary>
    public StoredConnection Rows { get; }

    /// <summary>Finds the states that wait; null where the store does not answer.</summary>
    public Func<Task<IReadOnlyList<WaitingState>?>> ReadStates { get; set; } = () => Task.FromResult<IReadOnlyList<WaitingState>?>([]);

    /// <summary>Opens the stores that the options name. Neither has to be up yet.</summary>
    public static async Task<SandboxStores> OpenAsync(SandboxOptions options, string dataDirectory) => new(
        options.Redis is { } url && RedisStates.Read(url) is { } address ? await RedisStates.ConnectAsync(address) : null,
        options.Database is { } database ? StoredConnection.InPostgres(database) : StoredConnection.InFile(dataDirectory),
        options.Database is null ? "SQLite" : "PostgreSQL");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_redis is not null) await _redis.DisposeAsync();
        await Rows.DisposeAsync();
    }
}
