using DbUp;
using FathomGateway.Settings;
using FathomGateway.Tokens.Schema;
using Microsoft.Data.Sqlite;

namespace FathomGateway.Tokens.Databases;

/// <summary>The SQLite file of embedded mode, with a write-ahead log that is synced to disk at every commit.</summary>
internal sealed class SqliteFile(string directory)
{
    /// <summary>Seconds to wait for other writers on a slow disk.</summary>
    public const int BusyTimeoutSeconds = 5;

    /// <summary>Size of the write-ahead log before SQLite writes it back: 1,000 pages of 4 kB.</summary>
    private const long RequiredSpace = 4_000 * 1024;

    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(directory, StoreChoice.DatabaseFileName),
        DefaultTimeout = BusyTimeoutSeconds,
    }.ToString();

    /// <summary>Whether the disk has room for the write-ahead log; true where that is unknown.</summary>
    public bool HasDiskSpace()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace >= RequiredSpace;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
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
            // The journal mode is stored in the file; the sync level belongs to each connection.
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
    public async Task MigrateAsync()
    {
        try
        {
            await Task.Run(CreatePrivately);
            // The first call loads an assembly, so it is made while file descriptors are left. The runtime does not retry an assembly that
            // it could not load for lack of a descriptor.
            _ = HasDiskSpace();
            var engine = DeployChanges.To.SqliteDatabase(_connectionString)
                .JournalToSqliteTable(SchemaScripts.JournalTable)
                .WithTransaction();
            await SchemaScripts.RunAsync(engine, SchemaScripts.SqliteFolder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new ConnectionStoreUnavailableException("The SQLite file cannot be opened.", failure);
        }
    }

    /// <summary>Only the gateway's own user may read the file, which holds user ids.</summary>
    private void CreatePrivately()
    {
        PrivateDirectory.Create(directory);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Open(Path.Combine(directory, StoreChoice.DatabaseFileName), options).Dispose();
        using var connection = Open();
    }
}
