using System.Diagnostics;
using System.Text.Json;
using FathomGateway.Tests.Documents;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal.Sdk;

/// <summary>The provider's official SDK for Node, as npm has it.</summary>
internal static class OfficialSdk
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromMinutes(1);
    private static readonly NpmPackages Packages = new("Internal", "Sdk");

    /// <summary>
    /// Runs one scenario of <c>call.js</c> in a process of its own and returns what it printed. Skips the test where the SDK cannot be had.
    /// </summary>
    public static async Task<JsonElement> RunAsync(string scenario, Uri serverUrl)
    {
        if (await Packages.ObstacleAsync() is { } obstacle) Assert.Skip(obstacle);
        var document = new Document("docs/backend.md");
        foreach (var file in (string[])["fathom.mjs", "sdk.mjs"])
            await File.WriteAllTextAsync(Path.Combine(Packages.Folder, file), document.Named("js", "//", file));
        var start = new ProcessStartInfo("node", ["call.js"]) { WorkingDirectory = Packages.Folder };
        start.Environment["FATHOM_GATEWAY"] = serverUrl.GetLeftPart(UriPartial.Authority);
        start.Environment["SCENARIO"] = scenario;
        start.Environment["RELAY"] = serverUrl.ToString();
        start.Environment["KEY"] = start.Environment["INTERNAL_API_KEY"] = TestSettings.InternalApiKey;
        await using var node = ChildProcess.Start(start);
        var exitCode = await node.ExitCodeAsync(CallLimit);
        Assert.True(exitCode == 0, $"node ended with {exitCode}:\n{node.Output}\n{node.Errors}");
        return JsonElement.Parse(node.Output);
    }
}
