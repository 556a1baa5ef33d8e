using System.Diagnostics;

namespace FathomGateway.Tests.Kit;

/// <summary>The command line of the built gateway.</summary>
internal static class GatewayCommand
{
    // What the .NET host itself needs to be found and to run.
    private static readonly string[] Inherited = ["PATH", "HOME", "DOTNET_ROOT"];

    /// <summary>The gateway's own build output, of the same configuration as these tests: bin/…/net10.0 of the project beside ours.</summary>
    public static string Folder { get; } = FindFolder();

    /// <param name="shell">What a shell does before it becomes the gateway, such as <c>ulimit -n 256</c>; or a redirection of its output.</param>
    public static ChildProcess Start(string[] arguments, IDictionary<string, string?> settings, string? shell = null, string? redirection = null)
    {
        string[] command = ["dotnet", Path.Combine(Folder, "gateway.dll"), .. arguments];
        var start = shell is null && redirection is null
            ? new ProcessStartInfo(command[0], command[1..])
            : new ProcessStartInfo("sh", ["-c", $"{shell ?? ":"}; exec \"$@\" {redirection}", "sh", .. command]);
        start.WorkingDirectory = Folder;
        var inherited = Inherited.Select(name => KeyValuePair.Create(name, Environment.GetEnvironmentVariable(name)));
        start.Environment.Clear();
        foreach (var (name, value) in inherited.Concat(settings).Where(variable => variable.Value is not null))
        {
            start.Environment[name] = value;
        }

        return ChildProcess.Start(start);
    }

    private static string FindFolder()
    {
        var ours = new DirectoryInfo(AppContext.BaseDirectory);
        while (ours.Name != "Gateway.Tests")
        {
            ours = ours.Parent ?? throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is not inside the folder Gateway.Tests.");
        }

        return Path.Combine(ours.Parent!.FullName, "Gateway", Path.GetRelativePath(ours.FullName, AppContext.BaseDirectory));
    }
}
