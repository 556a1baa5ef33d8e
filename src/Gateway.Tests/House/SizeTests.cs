using Xunit;

namespace FathomGateway.Tests.House;

public sealed class SizeTests
{
    private const int LargestFile = 150, LargestComposition = 45;

    [Theory]
    [InlineData("Gateway", 50)]
    [InlineData("Gateway.Tests", 70)]
    [InlineData("Sandbox", 50)]
    public void Files_are_small(string project, int largestMedian)
    {
        var sizes = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Select(file => (Name: Path.GetFileName(file), Lines: File.ReadLines(file).Count()))
            .OrderBy(one => one.Lines)
            .ToArray();

        Assert.True(sizes[^1].Lines <= LargestFile, $"{sizes[^1].Name} has {sizes[^1].Lines} lines");
        Assert.True(sizes[sizes.Length / 2].Lines <= largestMedian, $"half of the files have more than {sizes[sizes.Length / 2].Lines} lines");
    }

    [Fact]
    public void The_composition_fits_on_a_screen() =>
        Assert.InRange(File.ReadLines(Path.Combine(Repository.Gateway, "Program.cs")).SkipWhile(line => !line.StartsWith("namespace", StringComparison.Ordinal)).Count(), 1, LargestComposition);
}
