namespace FathomGateway.Keys;

/// <summary>The generated key of embedded mode: a file that only the gateway's own user may read.</summary>
internal static class KeyFile
{
    public const string Name = "keys";

    /// <summary>Reads the key ring's text from the folder, generating it on the first start.</summary>
    /// <exception cref="IOException">The folder or the file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file belongs to someone else.</exception>
    public static string ReadOrCreate(string directory)
    {
        var path = Path.Combine(directory, Name);
        if (!File.Exists(path)) Create(directory, path);
        return File.ReadAllText(path);
    }

    /// <summary>Written whole under another name first: of two gateways that start at once, the loser reads the winner's finished key.</summary>
    private static void Create(string directory, string path)
    {
        Directory.CreateDirectory(directory);
        var draft = Path.Combine(directory, $"{Name}.{Guid.NewGuid():N}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(draft, options))
            using (var writer = new StreamWriter(stream))
            {
                writer.Write(KeyRing.NewEntry());
                writer.Flush();
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
