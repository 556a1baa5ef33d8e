using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using FathomGateway.Settings;
using Xunit;

namespace FathomGateway.Tests.House;

/// <summary>docs/reliability.md, row by row, against the tests that there are.</summary>
public sealed partial class FaultTableTests
{
    private const int Faults = 26;

    private static readonly HashSet<string> Tests =
    [
        .. typeof(FaultTableTests).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(method => method.GetCustomAttributes().Any(attribute => attribute is FactAttribute)).Select(method => method.Name),
    ];

    private static readonly Dictionary<int, string> Rows = Row()
        .Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "reliability.md"))).ToDictionary(row => int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture), row => row.Value);

    public static TheoryData<int> Numbers => [.. Enumerable.Range(1, Faults)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Each_fault_has_a_row_and_the_row_names_tests_that_are_there_and_bear_its_number(int number)
    {
        var named = TestName().Matches(Rows[number]).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, Tests));
        Assert.All(named, name => Assert.Matches($@"_F{number}(_|$)", name));
    }

    [Fact]
    public void Each_test_that_bears_a_faults_number_stands_in_its_row()
    {
        foreach (var test in Tests)
        {
            foreach (Match number in Number().Matches(test))
            {
                Assert.Contains($"`{test}`", Rows[int.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture)], StringComparison.Ordinal);
            }
        }
    }

    [GeneratedRegex(@"_F(\d+)(?=_|$)")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\| F(\d+) \|.*$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+_F\d+\w*)`")]
    private static partial Regex TestName();
}
