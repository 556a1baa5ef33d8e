using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Transparency.Cases;
using FathomGateway.Tests.Transparency.Differential;
using Xunit;

namespace FathomGateway.Tests.Transparency;

/// <summary>
/// The same bytes straight to the backend and through the gateway: both ends see the same, but for the permitted differences.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class DifferentialTests(Run run, ITestOutputHelper output) : IClassFixture<Run>
{
    private const int FailuresShown = 20;

    public static TheoryData<string> Families() => [.. Suite.Families.Keys];

    [Theory]
    [MemberData(nameof(Families))]
    public async Task The_gateway_cannot_be_told_from_the_backend(string family)
    {
        var verdicts = await run.FamilyAsync(family);
        var failed = verdicts.Where(verdict => !verdict.Identical).ToArray();

        Assert.True(
            failed.Length == 0,
            $"{failed.Length} of {verdicts.Count} differ:\n"
                + $"{string.Join('\n', failed.Take(FailuresShown).Select(verdict => verdict.ToString()))}");
    }

    [Fact]
    public async Task Each_permitted_difference_is_needed_by_one_of_a_thousand_cases()
    {
        var verdicts = new List<Verdict>();
        foreach (var family in Suite.Families.Keys) verdicts.AddRange(await run.FamilyAsync(family));
        var uses = PermittedDifferences.All.ToDictionary(
            difference => difference.Id, difference => verdicts.Count(verdict => verdict.Permitted.Contains(difference.Id)));

        var summary =
            $"transparency: {verdicts.Count(verdict => verdict.Identical)} of {verdicts.Count} identical "
                + $"({uses.Count(use => use.Value > 0)} permitted differences in use)";
        output.WriteLine(summary);
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults")).FullName;
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "transparency.txt"), [summary, .. uses.Select(use => $"{use.Value,6} {use.Key}")]);

        Assert.InRange(verdicts.Count, 1000, int.MaxValue);
        Assert.DoesNotContain(uses, use => use.Value == 0);
    }
}
