using Xunit;

namespace FathomGateway.Tests.House;

public sealed class SizeTests
{
    private const int LargestFile = 150;

    [Theory]
    [InlineData("Gateway")]
    [InlineData("Gateway.Tests")]
    [InlineData("Sandbox")]
    public void No_file_has_more_than_150_lines(string project)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Select(file => (Name: Path.GetFileName(file), Lines: File.ReadLines(file).Count()));

        Assert.All(files, file => Assert.True(file.Lines <= LargestFile, $"{file.Name} has {file.Lines} lines"));
    }
}
