using System.Diagnostics;

namespace FathomGateway.Tests.Kit;

/// <summary>The command line of the built gateway.</summary>
internal static class GatewayCommand
{
    // What the .NET host itself needs to be found and to run.
    private static readonly string[] Inherited = ["PATH", "HOME", "DOTNET_ROOT"];

    /// <summary>The gateway's own build output, of the same configuration as these tests: bin/…/net10.0 of the project beside ours.</summary>
    public static string Folder { get; } = FindFolder();

    public static ChildProcess Start(string[] arguments, IDictionary<string, string?> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Folder, "gateway.dll"), .. arguments]) { WorkingDirectory = Folder };
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
