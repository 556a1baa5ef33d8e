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
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Select(file => (Name: Path.GetFileName(file), Lines: File.ReadLines(file).Count()));

        Assert.All(files, file => Assert.True(file.Lines <= MaxFileLines, $"{file.Name} has {file.Lines} lines"));
    }

    /// <summary>The build holds the product to it; the tests do not have that analyzer.</summary>
    [Fact]
    public void No_line_of_the_tests_has_more_than_140_characters()
    {
        var lines = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Gateway.Tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .SelectMany(file => File.ReadLines(file)
                .Select((text, index) => (Place: $"{Path.GetFileName(file)}:{index + 1}", text.Length)));

        Assert.Empty(lines.Where(line => line.Length > MaxLineLength).Select(line => line.Place));
    }
}
