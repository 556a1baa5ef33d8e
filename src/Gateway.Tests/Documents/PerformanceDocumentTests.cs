using FathomGateway.Tests.Conventions;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>docs/performance.md shows the figures of one run, and of the commit that the run names.</summary>
public sealed class PerformanceDocumentTests
{
    private static readonly string Page = new Document("docs/performance.md").Text;
    private static readonly string[] Run = File.ReadAllLines(Path.Combine(Repository.Root, "bench", "results", "latest.md"));

    [Theory]
    [InlineData("Reach")]
    [InlineData("The run")]
    public void Each_row_of_the_performance_page_is_one_of_the_recorded_run(string section)
    {
        var rows = FirstTablesOf(section);
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Contains(row, Run));
    }

    [Fact]
    public void The_recorded_performance_run_names_its_commit() =>
        Assert.Contains(FirstTablesOf("The run"), row => row.StartsWith("| commit | ", StringComparison.Ordinal));

    /// <summary>Rows up to the first paragraph that compares with another commit.</summary>
    private static string[] FirstTablesOf(string section) =>
    [
        .. Page.Split($"## {section}\n")[1].Split("\n## ")[0].Split("Before the way")[0].Split('\n')
            .Where(line => line.StartsWith('|')),
    ];
}
