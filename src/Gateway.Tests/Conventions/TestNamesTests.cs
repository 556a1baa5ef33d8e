using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>A search for a test finds one: names are unique, and folders are those of the product.</summary>
public sealed partial class TestNamesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src", "Gateway.Tests");

    [Fact]
    public void No_two_test_classes_have_one_name()
    {
        var names = typeof(TestNamesTests).Assembly.GetTypes()
            .Where(type => type.IsPublic
                && type.GetMethods().Any(method => method.GetCustomAttributes(inherit: true).Any(one => one is FactAttribute)))
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
        var types = typeof(TestNamesTests).Assembly.GetTypes().Select(type => type.Name).Append("FakeTimeProvider").ToHashSet();
        var named = TypeName().Matches(table).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, types));
    }

    [GeneratedRegex(@"`([A-Z][A-Za-z]+)`")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^\| `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex Explained();
}
