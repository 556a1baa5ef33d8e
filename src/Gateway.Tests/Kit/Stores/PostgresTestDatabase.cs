using Npgsql;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// What a test does with a database it knows by its <c>postgresql://</c> URL. The URL is read here on our own, not by the product's code
/// under test.
/// </summary>
internal static class PostgresTestDatabase
{
    /// <summary>A connection of its own, never from a pool: it must not survive the server or keep a database from being dropped.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(string url)
    {
        var connection = new NpgsqlConnection(ToNpgsql(url));
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public static async Task<object?> QueryAsync(string url, string sql)
    {
        await using var connection = await OpenAsync(url);
#pragma warning disable CA2100 // The test writes its SQL itself.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The sessions of this database that wait for a lock, as the end of a query.</summary>
    public const string FromLockWaits = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

    /// <summary>The number of sessions that wait for a lock.</summary>
    public static async Task<long> LockWaitsAsync(string url) => (long)(await QueryAsync(url, $"SELECT count(*) {FromLockWaits}"))!;

    /// <summary>Makes an empty database of a new name on the server of the URL and returns its URL.</summary>
    public static async Task<string> CreateAsync(string serverUrl)
    {
        var name = $"test_{Guid.NewGuid():n}";
        await QueryAsync(serverUrl, $"CREATE DATABASE {name} TEMPLATE template0");
        return new UriBuilder(serverUrl) { Path = name }.Uri.ToString();
    }

    public static Task DropAsync(string serverUrl, string databaseUrl) =>
        QueryAsync(serverUrl, $"DROP DATABASE IF EXISTS {NameOf(databaseUrl)} WITH (FORCE)");

    /// <summary>The schema and every row, as pg_dump writes them.</summary>
    public static Task<string> DumpAsync(string url) =>
        ChildProcess.RunAsync(PostgresPrograms.Find("pg_dump"), "--inserts", "--dbname", url);

    public static string NameOf(string url) => new Uri(url).AbsolutePath.Trim('/');

    /// <summary>Added to a URL: for what an operator would wait for longer than a user, on a machine with other work.</summary>
    public const string LongTimeouts = "?Timeout=60&Command%20Timeout=60";

    /// <summary>The same database by the way that leads over this port.</summary>
    public static string Through(string url, int port) => new UriBuilder(url) { Port = port }.Uri.OriginalString;

    /// <summary>The same database in the words of Npgsql.</summary>
    public static string ToNpgsql(string url)
    {
        var uri = new Uri(url);
        var user = uri.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort ? 5432 : uri.Port,
            Database = NameOf(url),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Pooling = false,
            Timeout = 15,
        }.ToString();
    }
}
