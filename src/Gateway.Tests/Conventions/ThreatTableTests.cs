using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>docs/security.md, threat by threat, against the tests that there are.</summary>
public sealed partial class ThreatTableTests
{
    private static readonly NumberedTable Table = new("docs/security.md", 'T');

    /// <summary>Timing: a property of the code, which no test can show to be absent everywhere.</summary>
    private const int ByReview = 34;

    private static readonly string[] Tests =
    [
        .. typeof(ThreatTableTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Select(method => (Type: type, Method: method)))
            .Where(one => one.Method.GetCustomAttributes().Any(attribute => attribute is FactAttribute))
            .Select(one => $"{one.Type.Name}.{one.Method.Name}").Distinct(),
    ];

    public static TheoryData<int> Numbers => [.. Table.Rows];

    [Fact]
    public void The_threats_are_numbered_without_a_gap_and_each_has_a_heading() => Table.IsWithoutGap();

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Each_threat_has_a_row_and_a_list_of_tests_that_are_there(int number)
    {
        if (number == ByReview) return;
        var named = TestName().Matches(Table.ListOf(number)).Select(match => match.Groups[1].Value).ToArray();
        Assert.All(named, name => Assert.Contains(name, Tests));
        Assert.Contains(named, name => HasNumber(name, number));
    }

    [Fact]
    public void Each_test_with_a_threat_number_has_one_of_the_table() => Assert.All(Tests, test => Assert.All(
        Number().Matches(test), match => Assert.Contains(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), Table.Rows)));

    private static bool HasNumber(string test, int number) => Number().Matches(test).Any(match => match.Groups[1].Value == $"{number}");

    [GeneratedRegex(@"`(\w+Tests?\.\w+|\w+Contract\.\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"_T(\d+)(?=_|$)")]
    private static partial Regex Number();
}
