using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>A search for a test or a set-up finds one. Folders are those of the product, and names of tests are sentences.</summary>
public sealed partial class TestNamesTests
{
    private const int MaxLength = 110;

    /// <summary>
    /// A failed run prints the name alone. These words name no subject, or refer to the class or to the test before it.
    /// </summary>
    private static readonly HashSet<string> ForbiddenFirstWords =
    [
        "What", "Whatever", "Whichever", "Who", "Whoever", "Whose", "It", "Its", "One", "They", "This", "Those", "These", "Nor", "So",
        "When", "Where", "While", "After", "As", "At", "Behind", "Beyond", "However", "In", "Of", "On", "Only", "Over", "With", "Without",
        "Anything", "Nobody", "Nothing", "Something",
    ];

    /// <summary>The page whose table has a row for each number of a kind: faults, promises, threats, and promises of forwarding.</summary>
    private static readonly Dictionary<char, string> PagesOfNumbers = new()
    {
        ['F'] = "reliability.md",
        ['P'] = "reliability.md",
        ['T'] = "security.md",
        ['B'] = "transparency.md",
    };

    /// <summary>Set-ups that are not of this repository.</summary>
    private static readonly string[] OfPackages = ["FakeTimeProvider"];

    private static readonly string Folder = Path.Combine(Repository.Root, "src", "Gateway.Tests");

    private static readonly string[] Tests =
    [
        .. typeof(TestNamesTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.GetCustomAttributes(inherit: true).Any(one => one is FactAttribute))
            .Select(method => method.Name)
            .Distinct(),
    ];

    [Fact]
    public void Each_test_name_begins_with_a_subject_and_has_110_characters_at_most()
    {
        Assert.NotEmpty(Tests);
        Assert.All(Tests, test => Assert.DoesNotContain(test.Split('_')[0], ForbiddenFirstWords));
        Assert.All(Tests, test => Assert.InRange(test.Length, 1, MaxLength));
    }

    [Fact]
    public void Each_number_at_the_end_of_a_test_name_has_a_row_in_a_document()
    {
        var numbers = Tests
            .SelectMany(test => Suffix().Match(test).Value.Split('_', StringSplitOptions.RemoveEmptyEntries))
            .Distinct()
            .ToArray();

        Assert.NotEmpty(numbers);
        Assert.All(numbers, number => Assert.Contains(number[0], PagesOfNumbers.Keys));
        Assert.All(numbers, number => Assert.Matches($@"\n\| {number}\b", Page(PagesOfNumbers[number[0]])));
    }

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

    private static string Page(string name) => File.ReadAllText(Path.Combine(Repository.Root, "docs", name));

    [GeneratedRegex(@"(?:_[A-Z]\d+)+$")]
    private static partial Regex Suffix();

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
