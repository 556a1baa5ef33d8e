namespace FathomGateway.Settings;

/// <summary>Creates <c>DATA_DIR</c>, which holds keys and tokens, for the gateway's own user only.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode OwnerModes = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OtherModes =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Creates the directory where it is missing. An existing directory keeps its mode, which its owner may have chosen.</summary>
    /// <exception cref="IOException">It cannot be created, or is a file.</exception>
    /// <exception cref="UnauthorizedAccessException">The parent directory belongs to another user.</exception>
    public static void Create(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, OwnerModes);
    }

    /// <summary>Whether users other than the file's owner may read or write it.</summary>
    public static bool IsOpenToOthers(string file) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & OtherModes) != 0;
}
