using Xunit;

namespace FathomGateway.Tests.Conventions;

public sealed class SizeTests
{
    private const int MaxFileLines = 150, MaxLineLength = 140;

    [Theory]
    [InlineData("Gateway")]
    [InlineData("Gateway.Tests")]
    [InlineData("Sandbox")]
    public void No_file_has_more_than_150_lines(string project)
    {
        var files = Files(project).Select(file => (Name: Path.GetFileName(file), Lines: File.ReadLines(file).Count()));

        Assert.All(files, file => Assert.True(file.Lines <= MaxFileLines, $"{file.Name} has {file.Lines} lines"));
    }

    /// <summary>The analyzer of the build does not see every comment, and the tests do not have it.</summary>
    [Theory]
    [InlineData("Gateway")]
    [InlineData("Gateway.Tests")]
    [InlineData("Sandbox")]
    public void No_line_has_more_than_140_characters(string project)
    {
        var lines = Files(project)
            .SelectMany(file => File.ReadLines(file)
                .Select((text, index) => (Place: $"{Path.GetFileName(file)}:{index + 1}", text.Length)));

        Assert.Empty(lines.Where(line => line.Length > MaxLineLength).Select(line => line.Place));
    }

    private static IEnumerable<string> Files(string project) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}
