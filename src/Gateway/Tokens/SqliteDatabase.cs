using System.Data.Common;
using DbUp;
using FathomGateway.Tokens.Schema;
using Microsoft.Data.Sqlite;

namespace FathomGateway.Tokens;

/// <summary>The SQLite file of embedded mode.</summary>
internal sealed class SqliteDatabase(string directory) : IDisposable
{
    public const string FileName = "connections.db";

    /// <summary>How long to wait for other writers: as long as they may take who came before, on a disk that is slow to commit.</summary>
    private const int PatienceSeconds = 5;

    /// <summary>What the log that SQLite writes ahead may grow to before it is written back: 1,000 pages of 4 kB.</summary>
    private const long Room = 4_000 * 1024;

    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(directory, FileName),
        DefaultTimeout = PatienceSeconds,
    }.ToString();

    /// <summary>
    /// SQLite lets in one writer at a time, and whoever waits asks again every now and then: among many, one may come late every time. Of this process
    /// one writer asks at a time, and the others wait in a line.
    /// </summary>
    private readonly SemaphoreSlim _writer = new(1);

    /// <summary>Whether the disk has room for what is about to be stored; true where there is no telling.</summary>
    public bool HasRoom()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace >= Room;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Asks for what changes nothing.</summary>
    /// <exception cref="ConnectionStoreUnavailableException">The file cannot be opened or does not serve.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, Task<T>> query, CancellationToken cancel)
    {
        try
        {
            // SQLite knows no asynchronous work, and waits for the disk: not on a thread of the caller's, who may have a limit of time.
            return await Task.Run(
                async () =>
                {
                    await using var connection = Open();
                    return await query(connection);
                },
                cancel);
        }
        catch (DbException failure)
        {
            throw new ConnectionStoreUnavailableException("The SQLite file could not serve.", failure);
        }
    }

    /// <summary>Asks for what changes something, when those who asked before are through.</summary>
    /// <exception cref="ConnectionStoreUnavailableException">The file cannot be opened or does not serve, or others write for too long.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, Task<T>> command, CancellationToken cancel)
    {
        if (!await _writer.WaitAsync(TimeSpan.FromSeconds(PatienceSeconds), cancel)) throw new ConnectionStoreUnavailableException("The SQLite file is written to by others all the time.");
        try
        {
            return await ReadAsync(command, cancel);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            // WAL is kept in the file; the sync level belongs to each connection.
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="ConnectionStoreUnavailableException">The folder or file cannot be written.</exception>
    public void Migrate()
    {
        try
        {
            CreatePrivately();
            // Asked once while there are file descriptors: what the runtime cannot load for want of one it does not try to load again.
            _ = HasRoom();
            SchemaScripts.Run(DeployChanges.To.SqliteDatabase(_connectionString).JournalToSqliteTable(SchemaScripts.JournalTable).WithTransaction(), "Sqlite");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new ConnectionStoreUnavailableException("The SQLite file cannot be opened.", failure);
        }
    }

    /// <summary>The file holds who is connected: nobody but the gateway's own user may read it.</summary>
    private void CreatePrivately()
    {
        Directory.CreateDirectory(directory);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (new FileStream(Path.Combine(directory, FileName), options))
        {
        }

        using var connection = Open();
    }

    public void Dispose() => _writer.Dispose();
}
