using System.Text.RegularExpressions;
using FathomGateway.Tests.Conventions;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The form of every document: what fits on a screen, and links that lead somewhere.</summary>
public sealed partial class LayoutTests
{
    private const int MaxCellLength = 200, MaxLineLength = 140, MaxCodeLineLength = 220;

    public static readonly TheoryData<string> Names =
        [.. Document.All().Select(document => document.Name), "CHANGELOG.md", "bench/README.md", "src/Gateway.Tests/README.md"];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_table_cell_of_a_document_is_too_long(string name) => Assert.All(
        Lines(name).Where(line => !line.IsCode && IsTable(line.Text)).SelectMany(line => Column().Split(line.Text.Trim().Trim('|'))),
        cell => Assert.InRange(cell.Trim().Length, 0, MaxCellLength));

    [Theory]
    [MemberData(nameof(Names))]
    public void No_line_of_a_document_is_too_long(string name) => Assert.All(
        Lines(name).Where(line => !IsTable(line.Text) && !line.Text.StartsWith("![", StringComparison.Ordinal)),
        line => Assert.InRange(line.Text.Length, 0, line.IsCode ? MaxCodeLineLength : MaxLineLength));

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_link_to_a_section_finds_its_heading(string name)
    {
        foreach (Match link in Link().Matches(new Document(name).Text))
        {
            var target = link.Groups[1].Value is { Length: > 0 } path
                ? Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(name)!, path)))
                : name;
            var anchors = Heading().Matches(new Document(target).Text).Select(heading => Anchor(heading.Groups[1].Value));
            Assert.Contains(link.Groups[2].Value, anchors);
        }
    }

    [Fact]
    public void The_index_names_every_page()
    {
        var index = new Document("docs/README.md").Text;
        var pages = Document.All().Select(document => document.Name.Split('/')).Where(path => path is ["docs", not "README.md"]);
        Assert.All(pages, path => Assert.Contains($"]({path[1]})", index, StringComparison.Ordinal));
    }

    /// <summary>Lines of a document, with whether they are in a fenced block; the fences themselves are code.</summary>
    private static IEnumerable<(string Text, bool IsCode)> Lines(string name)
    {
        var isCode = false;
        foreach (var line in new Document(name).Text.Split('\n'))
        {
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            isCode ^= isFence;
            yield return (line, isCode || isFence);
        }
    }

    private static bool IsTable(string line) => line.TrimStart().StartsWith('|');

    /// <summary>As GitHub makes them: in lower case, without punctuation, with a hyphen for each blank.</summary>
    private static string Anchor(string heading) => Dropped().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Column();

    [GeneratedRegex(@"\]\(([\w./-]+\.md)?#([\w-]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,4} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w -]")]
    private static partial Regex Dropped();
}
