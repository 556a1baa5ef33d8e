using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>docs/decisions.md: one entry a decision, by section, the newest of a section last.</summary>
public sealed partial class DecisionsTests
{
    private static readonly string[] Sections = new Document("docs/decisions.md").Text.Split("\n## ");

    private static readonly string[] Entries = [.. Sections[1..].SelectMany(section => section.TrimEnd().Split("\n\n")[1..])];

    [Fact]
    public void The_index_of_the_decisions_has_every_section_in_order() =>
        Assert.Equal(
            Sections[1..].Select(section => section.Split('\n')[0]), Indexed().Matches(Sections[0]).Select(row => row.Groups[1].Value));

    [Fact]
    public void Each_decision_has_a_date_and_a_title_of_its_own()
    {
        Assert.All(Entries, entry => Assert.Single(Decision().Matches(entry)));
        Assert.Equal(Entries.Length, Entries.Select(Title).Distinct().Count());
    }

    [Fact]
    public void The_newest_decision_of_a_section_is_last() => Assert.All(Sections[1..], section =>
    {
        var dates = Decision().Matches(section).Select(entry => entry.Groups[1].Value).ToArray();
        Assert.Equal(dates.Order(StringComparer.Ordinal), dates);
    });

    [Fact]
    public void Each_superseding_decision_exists_with_the_date_that_is_named()
    {
        var superseded = Entries.Select(entry => Successor().Match(entry)).Where(match => match.Success).ToArray();

        Assert.NotEmpty(superseded);
        Assert.Equal(superseded.Length, Entries.Count(entry => entry.Contains("*Superseded", StringComparison.Ordinal)));
        Assert.All(superseded, match => Assert.Contains(
            Entries, entry => Date(entry) == match.Groups[2].Value && Title(entry).TrimEnd('.') == OnOneLine(match.Groups[1].Value)));
    }

    private static string Date(string entry) => Decision().Match(entry).Groups[1].Value;

    private static string Title(string entry) => OnOneLine(Decision().Match(entry).Groups[2].Value);

    private static string OnOneLine(string text) => Blanks().Replace(text, " ");

    [GeneratedRegex(@"^\*\*(\d{4}-\d\d-\d\d) · (.+?)\*\*", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Decision();

    [GeneratedRegex(@"^\| \[([^\]]+)\]", RegexOptions.Multiline)]
    private static partial Regex Indexed();

    [GeneratedRegex(@"\*Superseded(?: in part)? by ""([^""]+)""\s+\((\d{4}-\d\d-\d\d)\)")]
    private static partial Regex Successor();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
