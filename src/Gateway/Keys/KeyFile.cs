using System.Text;
using FathomGateway.Settings;

namespace FathomGateway.Keys;

/// <summary>The generated key of embedded mode: a file that only the gateway's own user may read.</summary>
internal static class KeyFile
{
    public const string Name = "keys";

    /// <summary>Most reads while another start writes the file, which is 60 bytes long.</summary>
    private const int MaxReads = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads the key ring's text from the folder, generating it on the first start.</summary>
    /// <exception cref="IOException">The folder or the file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file belongs to someone else.</exception>
    public static string ReadOrCreate(string directory)
    {
        var path = Path.Combine(directory, Name);
        if (!File.Exists(path)) Create(directory, path);
        return ReadWhole(path);
    }

    /// <summary>
    /// The system lets one of several starts create the file. Two could move one there: .NET checks before it moves. A file that cannot be
    /// written, such as on a full disk, is deleted: an empty one would fail every later start.
    /// </summary>
    private static void Create(string directory, string path)
    {
        PrivateDirectory.Create(directory);
        using var stream = OpenNew(path);
        if (stream is null) return;
        try
        {
            stream.Write(Encoding.ASCII.GetBytes(KeyRing.NewEntry()));
            stream.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <returns>Null where another start was first.</returns>
    private static FileStream? OpenNew(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0, // The write itself fails, not the flush or the end of the stream.
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>The entry is written in one piece, so a file that is not empty is whole.</summary>
    /// <returns>Empty where a start ended before it wrote anything; the settings then have a fault.</returns>
    private static string ReadWhole(string path)
    {
        for (var left = MaxReads; new FileInfo(path).Length == 0 && left > 0; left--) Thread.Sleep(Pause);
        return File.ReadAllText(path);
    }
}
