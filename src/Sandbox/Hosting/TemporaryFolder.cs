using Microsoft.Data.Sqlite;

namespace FathomGateway.Sandbox.Hosting;

/// <summary>A new folder for the gateway's data, readable by this user only, and removed at the end.</summary>
internal sealed class TemporaryFolder : IAsyncDisposable
{
    private const int Attempts = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private TemporaryFolder(string path) => Path = path;

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>Creates the folder.</summary>
    public static TemporaryFolder Create() => new(Directory.CreateTempSubdirectory("fathom-sandbox-").FullName);

    /// <summary>Removes the folder and all in it.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            // Pooled connections keep the file open, and Windows deletes no open file.
            SqliteConnection.ClearAllPools();
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (IOException) when (attempt < Attempts)
            {
                // A gateway that was stopped while it created its database may still be writing.
                await Task.Delay(Pause);
            }
        }
    }
}
