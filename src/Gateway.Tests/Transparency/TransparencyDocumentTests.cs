using System.Text.RegularExpressions;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Transparency.Behaviours;
using FathomGateway.Tests.Transparency.Differential;
using Xunit;

namespace FathomGateway.Tests.Transparency;

/// <summary>docs/transparency.md and the suite name the same differences.</summary>
public sealed partial class TransparencyDocumentTests
{
    [Fact]
    public void The_transparency_page_lists_the_permitted_differences_and_no_other()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "transparency.md")))
            .Select(row => row.Groups[1].Value)
            .ToArray();

        Assert.Equal(
            PermittedDifferences.All.Select(difference => difference.Id).Concat(BehaviourDifferences.All.Keys).Order(), rows.Order());
    }

    [Fact]
    public void Each_permitted_difference_has_a_reason_and_an_id_of_its_own()
    {
        Assert.All(PermittedDifferences.All, difference => Assert.EndsWith(".", difference.Reason, StringComparison.Ordinal));
        Assert.Distinct(PermittedDifferences.All.Select(difference => difference.Id));
    }

    [GeneratedRegex(@"^\| `([a-z0-9-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
