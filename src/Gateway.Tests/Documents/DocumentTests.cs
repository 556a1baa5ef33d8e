using System.Text.RegularExpressions;
using FathomGateway.Tests.Deploy;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>What holds for every document, and for the small ones.</summary>
public sealed partial class DocumentTests
{
    /// <summary>Languages of blocks, each with tests that run or compare what stands in it. A new one needs some of its own.</summary>
    private static readonly string[] Tested = ["", "sh", "js", "jsx", "python", "csharp", "sql", "text", "ini", "mermaid"];

    [Fact]
    public void Each_block_is_of_a_language_that_the_tests_know() => Assert.All(
        Document.All().SelectMany(document =>
            Fence().Matches(document.Text).Where((_, i) => i % 2 == 0).Select(match => (document.Name, Language: match.Groups[1].Value))),
        block => Assert.Contains(block.Language, Tested));

    [Fact]
    public void The_env_file_of_the_page_on_deployment_has_what_Compose_hands_on()
    {
        var names = new Document("docs/deployment.md").Blocks("ini")
            .Single().Content
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=')[0])
            .ToArray();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains($"${{{name}:-", Installed.Read("docker-compose.yml"), StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^ *```(\w*)$", RegexOptions.Multiline)]
    private static partial Regex Fence();
}
