namespace FathomGateway.Settings;

/// <summary>A folder that nobody but the gateway's own user may enter: <c>DATA_DIR</c>, with keys and tokens in it.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OfOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Creates the folder where it is missing. One that is there keeps its mode: its owner may have reasons.</summary>
    /// <exception cref="IOException">It cannot be created, or is a file.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder around it belongs to someone else.</exception>
    public static void Create(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, Own);
    }

    /// <summary>Whether users other than the file's owner may read or write it.</summary>
    public static bool IsOpenToOthers(string file) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & OfOthers) != 0;
}
