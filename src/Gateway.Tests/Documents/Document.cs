using System.Text.RegularExpressions;
using FathomGateway.Tests.Conventions;

namespace FathomGateway.Tests.Documents;

/// <summary>A document of the repository: its text, and the fenced blocks in it.</summary>
internal sealed partial record Document(string Name)
{
    /// <summary>How a block of commands begins that the tests do not run; the reason follows.</summary>
    public const string NotRun = "# not in the tests: ";

    public string Text { get; } = File.ReadAllText(Path.Combine(Repository.Root, Name));

    /// <summary>Those at the root, and everything under <c>docs</c>.</summary>
    public static IEnumerable<Document> All() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Order(StringComparer.Ordinal)
            .Select(file => new Document($"docs/{Path.GetFileName(file)}"))
                .Prepend(new Document("SECURITY.md"))
                .Prepend(new Document("CONTRIBUTING.md"))
                .Prepend(new Document("README.md"));

    /// <summary>The blocks of a language in their order, without the indentation that a list gives them.</summary>
    public IEnumerable<Block> Blocks(string language) => Fence().Matches(Text)
        .Where(match => match.Groups["language"].Value == language)
        .Select(match => new Block(Heading(match.Index), Unindented(match.Groups["content"].Value, match.Groups["indent"].Length)));

    /// <summary>The block whose first line names this file.</summary>
    public string Named(string language, string comment, string name) =>
        Blocks(language).Single(block => block.Content.StartsWith($"{comment} {name}\n", StringComparison.Ordinal)).Content;

    private static string Unindented(string content, int by) =>
        by == 0 ? content : string.Join('\n', content.Split('\n').Select(line => line.Length >= by ? line[by..] : line));

    private string Heading(int index) => Headings().Matches(Text[..index]).LastOrDefault()?.Groups[1].Value ?? "";

    [GeneratedRegex(@"^(?<indent> *)```(?<language>\w*)\n(?<content>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^## (.*)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    /// <param name="Heading">The section that it stands in.</param>
    internal sealed record Block(string Heading, string Content);
}
