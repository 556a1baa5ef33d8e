using System.Data.Common;
using System.Globalization;
using FathomGateway.Settings;
using FathomGateway.Tokens.ConnectionStrings;
using FathomGateway.Tokens.Databases;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FathomGateway.Sandbox.Frontend;

/// <summary>Reads one row of the gateway's database, as an operator could. It writes nothing.</summary>
internal sealed class StoredConnection : IAsyncDisposable
{
    private const string File = "connections.db";
    private const string Select = "SELECT * FROM fathom_connections WHERE user_id = @user";

    private readonly Func<Task<DbConnection>> _open;
    private readonly PostgresHosts? _postgres;

    private StoredConnection(Func<Task<DbConnection>> open, PostgresHosts? postgres = null) => (_open, _postgres) = (open, postgres);

    /// <summary>The SQLite file of an embedded gateway.</summary>
    public static StoredConnection InFile(string dataDirectory)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(dataDirectory, File),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false, // The sandbox must not keep the gateway's file open.
        }.ToString();
        return new StoredConnection(async () =>
        {
            var connection = new SqliteConnection(text);
            await connection.OpenAsync();
            return connection;
        });
    }

    /// <summary>A PostgreSQL database, by its <c>DATABASE_URL</c>.</summary>
    public static StoredConnection InPostgres(string url)
    {
        var hosts = new PostgresHosts(Read(url)!, NullLoggerFactory.Instance);
        return new StoredConnection(
            async () =>
            {
                await using var session = await hosts.OpenAsync(CancellationToken.None);
                return await session.Host.Pool.OpenConnectionAsync();
            },
            hosts);
    }

    /// <summary>Parses the address of PostgreSQL; null where it is invalid.</summary>
    public static string? Read(string url) => PostgresConnectionString.Read(new SettingsReader(new ConfigurationManager()), url);

    /// <summary>
    /// <c>GET /sandbox/stored/{user}</c>: the columns of the row in their order, none while there is no row, 503 while the database does
    /// not answer.
    /// </summary>
    public async Task<IResult> RowAsync(string user) => await ColumnsAsync(user) is { } columns
        ? Results.Json(columns)
        : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);

    /// <summary>The columns in their order: none while there is no row, null where the database does not answer.</summary>
    public async Task<IReadOnlyList<StoredColumn>?> ColumnsAsync(string user)
    {
        try
        {
            await using var connection = await _open();
            await using var command = connection.CreateCommand();
            command.CommandText = Select;
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@user", user);
            command.Parameters.Add(parameter);
            await using var reader = await command.ExecuteReaderAsync();
            return await reader.ReadAsync() ? [.. Enumerable.Range(0, reader.FieldCount).Select(at => Column(reader, at))] : [];
        }
        catch (Exception failure) when (failure is SqliteException or PostgresException { SqlState: PostgresErrorCodes.UndefinedTable })
        {
            return []; // The gateway creates file and table when it first needs them.
        }
        catch (Exception failure) when (PostgresFaults.IsOne(failure))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _postgres?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static StoredColumn Column(DbDataReader reader, int at) => new(
        reader.GetName(at),
        reader.GetValue(at) switch
        {
            DBNull => null,
            DateTime moment => moment.ToString("u", CultureInfo.InvariantCulture),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        });
}

/// <summary>One column of a stored row, its value as text.</summary>
internal sealed record StoredColumn(string Name, string? Value);
