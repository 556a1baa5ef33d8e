using System.Diagnostics;

namespace FathomGateway.Tests.Kit;

/// <summary>An /etc/hosts that one process sees in place of the machine's: a name whose address changes while it runs.</summary>
internal sealed class OwnHosts : IDisposable
{
    private readonly string _folder = TempFolder.Create("hosts");

    /// <summary>Whether this machine lets the tests have mounts of their own.</summary>
    public static async Task<bool> CanBeHadAsync()
    {
        if (!Programs.IsOnPath("unshare")) return false;
        await using var trial =
            ChildProcess.Start(new ProcessStartInfo("unshare", ["--mount", "mount", "--bind", "/etc/hosts", "/etc/hosts"]));
        return await trial.ExitCodeAsync(TimeSpan.FromSeconds(30)) == 0;
    }

    /// <summary>For the shell that becomes the process: see <see cref="GatewayCommand.Start"/>.</summary>
    public string Shell => $"exec unshare --mount sh -c 'mount --bind \"$0\" /etc/hosts && exec \"$@\"' '{File}' \"$@\"";

    private string File => Path.Combine(_folder, "hosts");

    /// <summary>
    /// From now on the name has these addresses, in this order. Written in place: the mount is of the file, not of its name.
    /// </summary>
    public void Set(string name, params string[] addresses)
    {
        var localhost = name == "localhost" ? "" : "127.0.0.1 localhost\n";
        System.IO.File.WriteAllText(File, localhost + string.Concat(addresses.Select(address => $"{address} {name}\n")));
    }

    public void Dispose() => TempFolder.Remove(_folder);
}
