using System.Text.RegularExpressions;
using FathomGateway.Tests.Conventions;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>docs/flows.md: the files that a callback and a refresh go through.</summary>
public sealed partial class FlowsDocumentTests
{
    private const int MaxFiles = 7;

    [Fact]
    public void Each_drawn_flow_has_seven_files_of_the_gateway_at_most()
    {
        var ways = new Document("docs/flows.md").Text.Split("```mermaid")[1..].Select(way => way.Split("```")[0]).ToArray();

        Assert.NotEmpty(ways);
        Assert.All(ways, way =>
        {
            var files = Box().Matches(way).Select(box => box.Groups[1].Value).ToArray();
            Assert.InRange(files.Length, 1, MaxFiles);
            Assert.All(files, file => Assert.True(File.Exists(Path.Combine(Repository.Gateway, file)), file));
        });
    }

    [GeneratedRegex("""\["([\w./]+\.cs)<br/>""")]
    private static partial Regex Box();
}
