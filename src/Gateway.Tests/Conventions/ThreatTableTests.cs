using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>docs/security.md, threat by threat, against the tests that there are.</summary>
public sealed partial class ThreatTableTests
{
    private const int Threats = 38;

    /// <summary>Timing: a property of the code, which no test can show to be absent everywhere.</summary>
    private const int ByReview = 34;

    private static readonly string[] Tests =
    [
        .. typeof(ThreatTableTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Select(method => (Type: type, Method: method)))
            .Where(one => one.Method.GetCustomAttributes().Any(attribute => attribute is FactAttribute))
            .Select(one => $"{one.Type.Name}.{one.Method.Name}").Distinct(),
    ];

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));

    /// <summary>The list of tests below the heading of a threat.</summary>
    private static readonly Dictionary<int, string> Lists = List()
        .Matches(Text).ToDictionary(
            list => int.Parse(list.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), list => list.Groups[2].Value);

    public static TheoryData<int> Numbers => [.. Enumerable.Range(1, Threats)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Each_threat_has_a_row_and_a_list_of_tests_that_are_there(int number)
    {
        Assert.Contains($"\n| T{number} | ", Text, StringComparison.Ordinal);
        if (number == ByReview) return;
        var named = TestName().Matches(Lists[number]).Select(match => match.Groups[1].Value).ToArray();
        Assert.All(named, name => Assert.Contains(name, Tests));
        Assert.Contains(named, name => HasNumber(name, number));
    }

    [Fact]
    public void Each_test_with_a_threat_number_has_one_of_the_table() =>
        Assert.All(Tests.SelectMany(test => Number().Matches(test).Select(match => int.Parse(
            match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))), number => Assert.InRange(number, 1, Threats));

    private static bool HasNumber(string test, int number) => Number().Matches(test).Any(match => match.Groups[1].Value == $"{number}");

    [GeneratedRegex(@"^### T(\d+)\n((?:\* .*\n?)+)", RegexOptions.Multiline)]
    private static partial Regex List();

    [GeneratedRegex(@"`(\w+Tests?\.\w+|\w+Contract\.\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"_T(\d+)(?=_|$)")]
    private static partial Regex Number();
}
