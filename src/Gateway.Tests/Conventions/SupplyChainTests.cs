using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>Third-party parts of the gateway are pinned by hash, and checked against security advisories.</summary>
public sealed partial class SupplyChainTests
{
    [Theory]
    [InlineData("Gateway")]
    [InlineData("Gateway.Tests")]
    [InlineData("Sandbox")]
    public void Every_package_is_locked_by_its_hash_T38(string project)
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src", project, "packages.lock.json")));
        var packages =
            locked.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
                .Where(package => package.Value.GetProperty("type").GetString() != "Project").ToArray();

        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.Matches("^[A-Za-z0-9+/]{86}==$", package.Value.GetProperty("contentHash").GetString()));
    }

    [Fact]
    public void Every_package_version_is_an_exact_one_in_one_place_T38()
    {
        var versions = Version().Matches(Read("Directory.Packages.props")).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(versions);
        Assert.All(versions, version => Assert.Matches(@"^\d+(\.\d+)+(-beta\.\d+)?$", version));
        Assert.Contains("<RestorePackagesWithLockFile>true<", Read("Directory.Build.props"), StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories),
            project => Assert.DoesNotMatch("PackageReference[^>]*Version=", File.ReadAllText(project)));
    }

    [Fact]
    public void The_test_command_checks_advisories_and_SECURITY_md_says_where_to_report_T38()
    {
        Assert.Matches(@"(?m)^\s*\.ci/advisories ", Read("test.sh"));
        Assert.Contains("package --vulnerable --include-transitive", Read(".ci/advisories"), StringComparison.Ordinal);
        Assert.Contains("Report a vulnerability", Read("SECURITY.md"), StringComparison.Ordinal);
        Assert.NotEmpty(Read("LICENSE"));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex("<PackageVersion Include=\"[^\"]+\" Version=\"([^\"]+)\"")]
    private static partial Regex Version();
}
