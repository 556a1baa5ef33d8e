using System.Diagnostics;

namespace FathomGateway.Tests.Kit;

/// <summary>Packages of npm, as a lock file beside the built tests names them: installed once into its folder, used from there.</summary>
/// <param name="folder">Path of the folder below that of the built tests; it has <c>package.json</c> and <c>package-lock.json</c>.</param>
internal sealed class NpmPackages(params string[] folder)
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);

    private readonly Lock _gate = new();
    private Task<string?>? _installing;

    public string Folder { get; } = Path.Combine([AppContext.BaseDirectory, .. folder]);

    /// <returns>Null once the packages are there; otherwise why they cannot be.</returns>
    public Task<string?> ObstacleAsync()
    {
        lock (_gate)
        {
            return _installing ??= InstallAsync();
        }
    }

    private async Task<string?> InstallAsync()
    {
        if (!Programs.IsOnPath("node") || !Programs.IsOnPath("npm"))
        {
            return "node and npm are not installed on this machine; ./test.sh installs them where it can.";
        }

        var wanted = await File.ReadAllTextAsync(Path.Combine(Folder, "package-lock.json"));
        var installed = Path.Combine(Folder, "node_modules", "installed-from.json");
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == wanted) return null;
        var start = new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
        {
            WorkingDirectory = Folder,
        };
        await using var npm = ChildProcess.Start(start);
        try
        {
            if (await npm.ExitCodeAsync(InstallLimit) != 0) return $"npm could not install the packages from the registry: {npm.Errors}";
        }
        catch (TimeoutException)
        {
            return $"npm did not install the packages within {InstallLimit.TotalMinutes} minutes: {npm.Errors}";
        }

        await File.WriteAllTextAsync(installed, wanted);
        return null;
    }
}
