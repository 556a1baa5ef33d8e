namespace FathomGateway.Tests.Kit;

/// <summary>
/// Test fixture: one Redis and one PostgreSQL for the whole run, each started when the first test asks for it. <c>TEST_REDIS</c> and
/// <c>TEST_POSTGRES</c> (connection URLs) name servers to be used instead. Tests run side by side on them: each takes a database of
/// its own, and keys in Redis are unguessable. A test that kills a server starts a <see cref="RedisServer"/> of its own.
/// </summary>
public sealed class RealStores : IAsyncDisposable
{
    private readonly string? _givenRedis = Environment.GetEnvironmentVariable("TEST_REDIS");
    private readonly string? _givenPostgres = Environment.GetEnvironmentVariable("TEST_POSTGRES");
    private readonly Lazy<Task<RedisServer>> _redis = new(() => RedisServer.StartAsync());
    private readonly Lazy<Task<PostgresServer>> _postgres = new(() => PostgresServer.StartAsync());
    private readonly List<string> _databasesOnGivenServer = [];

    /// <summary>The URL of the shared Redis.</summary>
    public async Task<string> RedisAsync() => _givenRedis ?? (await _redis.Value).ConnectionString;

    /// <summary>The URL of a new, empty database on the shared PostgreSQL.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        if (_givenPostgres is null)
        {
            return await (await _postgres.Value).CreateDatabaseAsync();
        }

        var url = await PostgresTestDatabase.CreateAsync(_givenPostgres);
        lock (_databasesOnGivenServer)
        {
            _databasesOnGivenServer.Add(url);
        }

        return url;
    }

    /// <summary>The schema and every row of a database made by <see cref="NewDatabaseAsync"/>.</summary>
    public static Task<string> DumpAsync(string databaseUrl) => PostgresTestDatabase.DumpAsync(databaseUrl);

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databasesOnGivenServer)
        {
            await PostgresTestDatabase.DropAsync(_givenPostgres!, database);
        }

        await EndAsync(_redis);
        await EndAsync(_postgres);
    }

    private static async Task EndAsync<TServer>(Lazy<Task<TServer>> server)
        where TServer : IAsyncDisposable
    {
        // One that failed to start has already failed the tests that asked for it.
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
