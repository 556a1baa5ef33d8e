using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>docs/reliability.md, fault by fault, against the tests that there are.</summary>
public sealed partial class FaultTableTests
{
    private const int Faults = 26;

    private static readonly HashSet<string> Tests =
    [
        .. typeof(FaultTableTests).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(method => method.GetCustomAttributes().Any(attribute => attribute is FactAttribute)).Select(method => method.Name),
    ];

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reliability.md"));

    /// <summary>The list of tests below the heading of a fault.</summary>
    private static readonly Dictionary<int, string> Lists = List()
        .Matches(Text).ToDictionary(list => int.Parse(list.Groups[1].Value, CultureInfo.InvariantCulture), list => list.Groups[2].Value);

    public static TheoryData<int> Numbers => [.. Enumerable.Range(1, Faults)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Each_fault_has_a_row_and_a_list_of_tests_that_are_there_and_bear_its_number(int number)
    {
        var named = TestName().Matches(Lists[number]).Select(match => match.Groups[1].Value).ToArray();

        Assert.Contains($"\n| F{number} | ", Text, StringComparison.Ordinal);
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, Tests));
        Assert.All(named, name => Assert.Matches($@"_F{number}(_|$)", name));
    }

    [Fact]
    public void Each_test_that_bears_a_faults_number_is_in_its_list()
    {
        foreach (var test in Tests)
        {
            foreach (Match number in Number().Matches(test))
            {
                Assert.Contains(
                    $"`{test}`", Lists[int.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture)], StringComparison.Ordinal);
            }
        }
    }

    [GeneratedRegex(@"_F(\d+)(?=_|$)")]
    private static partial Regex Number();

    [GeneratedRegex(@"^### F(\d+)\n((?:\* .*\n?)+)", RegexOptions.Multiline)]
    private static partial Regex List();

    [GeneratedRegex(@"`(\w+_F\d+\w*)`")]
    private static partial Regex TestName();
}
