using System.Globalization;
using Microsoft.Data.Sqlite;

namespace FathomGateway.Sandbox.Frontend;

/// <summary>Looks into the gateway's SQLite file, as an operator could, and shows one row of it. It only reads.</summary>
internal sealed class StoredConnection(string dataDirectory)
{
    private const string File = "connections.db";
    private const string Select = "SELECT * FROM fathom_connections WHERE user_id = $user";

    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(dataDirectory, File),
        Mode = SqliteOpenMode.ReadOnly,
        Pooling = false, // Nothing of ours may keep the gateway's file open.
    }.ToString();

    /// <summary><c>GET /sandbox/stored/{user}</c>: the columns of the row in their order, or 404 while there is none.</summary>
    public IResult Row(string user) => Columns(user) is { Count: > 0 } columns ? Results.Json(columns) : Results.NotFound();

    private List<StoredColumn> Columns(string user)
    {
        try
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Select;
            command.Parameters.AddWithValue("$user", user);
            using var reader = command.ExecuteReader();
            return reader.Read() ? [.. Enumerable.Range(0, reader.FieldCount).Select(at => Column(reader, at))] : [];
        }
        catch (SqliteException)
        {
            return []; // The gateway creates file and table when it first needs them.
        }
    }

    private static StoredColumn Column(SqliteDataReader reader, int at) =>
        new(reader.GetName(at), reader.IsDBNull(at) ? null : Convert.ToString(reader.GetValue(at), CultureInfo.InvariantCulture));
}

/// <summary>One column of a stored row, its value as text.</summary>
internal sealed record StoredColumn(string Name, string? Value);
