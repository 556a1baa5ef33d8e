using System.Diagnostics;
using System.Xml.Linq;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Kit;

namespace FathomGateway.Tests.Releases;

/// <summary>A copy of the files that a release is made from, for scripts that change them or write beside them.</summary>
internal sealed class ReleaseCopy
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly string[] Files =
    [
        "CHANGELOG.md", "Directory.Build.props", "Dockerfile", "docker-compose.yml", "render.yaml",
        "README.md", "deploy/kubernetes/kustomization.yaml", "docs/deployment.md", "docs/install.md",
    ];

    public ReleaseCopy()
    {
        foreach (var file in Files.Concat(Scripts.Select(script => $"deploy/release/{script}")))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
            File.Copy(Path.Combine(Repository.Root, file), At(file));
        }
    }

    public static IEnumerable<string> Scripts { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy", "release"), "*.sh").Select(file => Path.GetFileName(file))];

    /// <summary>The version that is built.</summary>
    public static string Version { get; } =
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    public string Folder { get; } = TempFolder.Create("release");

    public string At(string file) => Path.Combine(Folder, file);

    /// <summary>Runs a line of the shell in the copy, and returns its exit code and all it said.</summary>
    /// <param name="programs">A folder that comes first in the search for programs.</param>
    public async Task<(int ExitCode, string Said)> RunAsync(string line, string? programs = null)
    {
        var start = new ProcessStartInfo("bash", ["-euc", line]) { WorkingDirectory = Folder };
        if (programs is not null) start.Environment["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}";
        await using var shell = ChildProcess.Start(start);
        var exitCode = await shell.ExitCodeAsync(Limit);
        return (exitCode, $"{shell.Output}\n{shell.Errors}".Trim());
    }
}
