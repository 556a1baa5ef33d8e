using System.Diagnostics;
using System.Text.Json;
using FathomGateway.Settings;
using FathomGateway.Tests.Documents;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal.Sdk;

/// <summary>The provider's official SDK for Node, as npm has it: installed once into the folder of the built tests and used from there.</summary>
internal static class OfficialSdk
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan CallLimit = TimeSpan.FromMinutes(1);
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Internal", "Sdk");
    private static readonly Lazy<Task<string?>> Obstacle = new(InstallAsync);

    /// <summary>Runs one scenario of <c>call.js</c> in a process of its own and returns what it printed. Skips the test where the SDK cannot be had.</summary>
    public static async Task<JsonElement> RunAsync(string scenario, Uri serverUrl)
    {
        if (await Obstacle.Value is { } obstacle) Assert.Skip(obstacle);
        await File.WriteAllTextAsync(Path.Combine(Folder, "sdk.mjs"), new Document("docs/backend.md").Named("js", "//", "sdk.mjs").Replace("127.0.0.1:8081", serverUrl.Authority, StringComparison.Ordinal));
        var start = new ProcessStartInfo("node", ["call.js"]) { WorkingDirectory = Folder };
        start.Environment["SCENARIO"] = scenario;
        start.Environment["RELAY"] = serverUrl.ToString();
        start.Environment["KEY"] = start.Environment["INTERNAL_API_KEY"] = TestSettings.InternalApiKey;
        await using var node = ChildProcess.Start(start);
        var exitCode = await node.ExitCodeAsync(CallLimit);
        Assert.True(exitCode == 0, $"node ended with {exitCode}:\n{node.Output}\n{node.Errors}");
        return JsonElement.Parse(node.Output);
    }

    /// <returns>Null once the SDK is there; otherwise why it cannot be.</returns>
    private static async Task<string?> InstallAsync()
    {
        if (!Programs.IsOnPath("node") || !Programs.IsOnPath("npm")) return "node and npm are not installed on this machine; ./test.sh installs them where it can.";
        var wanted = await File.ReadAllTextAsync(Path.Combine(Folder, "package-lock.json"));
        var installed = Path.Combine(Folder, "node_modules", "installed-from.json");
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == wanted) return null;
        await using var npm = ChildProcess.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]) { WorkingDirectory = Folder });
        try
        {
            if (await npm.ExitCodeAsync(InstallLimit) != 0) return $"npm could not install the SDK from the registry: {npm.Errors}";
        }
        catch (TimeoutException)
        {
            return $"npm did not install the SDK within {InstallLimit.TotalMinutes} minutes: {npm.Errors}";
        }

        await File.WriteAllTextAsync(installed, wanted);
        return null;
    }
}
