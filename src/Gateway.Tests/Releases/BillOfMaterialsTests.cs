using System.Diagnostics;
using System.Text.Json;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Deploy;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Releases;

/// <summary>The bill of materials of a release.</summary>
[Trait("Speed", "Slow")]
public sealed class BillOfMaterialsTests
{
    /// <summary>The exit code of sbom.sh where the registry does not have its tool: EX_UNAVAILABLE of sysexits.h.</summary>
    private const int NoTool = 69;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_bill_of_materials_has_every_package_with_version_and_licence_and_the_runtime()
    {
        Installed.Need("jq");
        var dist = TempFolder.Create("bill");
        var start = new ProcessStartInfo("bash", ["deploy/release/sbom.sh"])
        {
            WorkingDirectory = Repository.Root,
            Environment = { ["DIST"] = dist },
        };
        await using var script = ChildProcess.Start(start);
        var exitCode = await script.ExitCodeAsync(Limit);
        Assert.SkipWhen(exitCode == NoTool, script.Errors);
        Assert.True(exitCode == 0, $"{script.Output}\n{script.Errors}");

        var text = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(dist)), TestContext.Current.CancellationToken);
        using var bill = JsonDocument.Parse(text);
        var components = bill.RootElement.GetProperty("components").EnumerateArray().ToArray();
        var named = components.Select(one => $"{one.GetProperty("name")} {one.GetProperty("version")}").ToArray();

        Assert.Equal("CycloneDX", bill.RootElement.GetProperty("bomFormat").GetString());
        Assert.All(Locked(), package => Assert.Contains(package, named));
        Assert.Contains(named, one => one.StartsWith("Microsoft.NETCore.App 10.", StringComparison.Ordinal));
        Assert.Contains(named, one => one.StartsWith("Microsoft.AspNetCore.App 10.", StringComparison.Ordinal));
        Assert.All(components, one => Assert.NotEmpty(one.GetProperty("licenses").EnumerateArray()));
    }

    private static IEnumerable<string> Locked()
    {
        using var locked = JsonDocument.Parse(Installed.Read("src", "Gateway", "packages.lock.json"));
        return [.. locked.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
            // Of the build alone.
            .Where(package => package.Name is not "Microsoft.NET.ILLink.Tasks")
            .Select(package => $"{package.Name} {package.Value.GetProperty("resolved").GetString()}")];
    }
}
