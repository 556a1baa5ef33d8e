using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>docs/reliability.md, fault by fault, against the tests that there are.</summary>
public sealed partial class FaultTableTests
{
    private static readonly NumberedTable Table = new("docs/reliability.md", 'F');

    private static readonly HashSet<string> Tests =
    [
        .. typeof(FaultTableTests).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(method => method.GetCustomAttributes().Any(attribute => attribute is FactAttribute)).Select(method => method.Name),
    ];

    public static TheoryData<int> Numbers => [.. Table.Rows];

    [Fact]
    public void The_faults_are_numbered_without_a_gap_and_each_has_a_heading() => Table.IsWithoutGap();

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Each_fault_has_a_row_and_a_list_of_tests_that_are_there_and_bear_its_number(int number)
    {
        var named = TestName().Matches(Table.ListOf(number)).Select(match => match.Groups[1].Value).ToArray();

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
                Table.Lists(int.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture), test);
            }
        }
    }

    [GeneratedRegex(@"_F(\d+)(?=_|$)")]
    private static partial Regex Number();

    [GeneratedRegex(@"`(\w+_F\d+\w*)`")]
    private static partial Regex TestName();
}
