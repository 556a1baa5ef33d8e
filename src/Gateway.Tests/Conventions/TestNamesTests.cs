using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>A search for a test or a set-up finds one: names are unique, and folders are those of the product.</summary>
public sealed partial class TestNamesTests
{
    /// <summary>Set-ups that are not of this repository.</summary>
    private static readonly string[] OfPackages = ["FakeTimeProvider"];

    private static readonly string Folder = Path.Combine(Repository.Root, "src", "Gateway.Tests");

    /// <summary>Test classes and set-ups. A class in parts is one class, and a nested class belongs to the class around it.</summary>
    [Fact]
    public void No_two_classes_of_the_tests_have_one_name()
    {
        var names = typeof(TestNamesTests).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsNested: false }
                && type.Namespace?.StartsWith("FathomGateway.Tests", StringComparison.Ordinal) == true)
            .Select(type => type.Name);

        Assert.Empty(names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void Each_folder_is_one_of_the_product_or_explained()
    {
        var ofProduct = Directory.GetDirectories(Repository.Gateway).Select(path => Path.GetFileName(path)!);
        var explained = Explained().Matches(File.ReadAllText(Path.Combine(Folder, "README.md"))).Select(match => match.Groups[1].Value);
        // Git leaves empty folders behind when files move.
        var folders = Directory.GetDirectories(Folder)
            .Where(path => Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories).Any())
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj"));

        Assert.All(folders, folder => Assert.Contains(folder, ofProduct.Concat(explained)));
    }

    [Fact]
    public void Each_set_up_that_the_README_names_is_a_type_of_the_tests()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "README.md"));
        var table = text[text.IndexOf("## Set-ups", StringComparison.Ordinal)..text.IndexOf("`Kit` has folders", StringComparison.Ordinal)];
        var types = typeof(TestNamesTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet();
        var rows = SetUp().Matches(table);

        Assert.NotEmpty(rows);
        foreach (Match row in rows)
        {
            var folders = Quoted().Matches(row.Groups[2].Value).Select(match => Path.Combine(Folder, match.Groups[1].Value)).ToArray();
            Assert.All(folders, folder => Assert.True(Directory.Exists(folder), $"{folder} is not there"));
            foreach (var name in TypeName().Matches(row.Groups[1].Value).Select(match => match.Groups[1].Value).Except(OfPackages))
            {
                Assert.Contains(name, types);
                Assert.Contains(folders, folder => File.Exists(Path.Combine(folder, $"{name}.cs")));
            }
        }
    }

    /// <summary>What a row of the table says to use, and in which folders it is.</summary>
    [GeneratedRegex(@"^\| [^|]+ \| ([^|]+) \| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex SetUp();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"`([A-Z][A-Za-z]+)`")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^\| `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex Explained();
}
