using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace FathomGateway.Tests.Conventions;

/// <summary>
/// A table of a document with numbered rows, such as <c>| F7 | …</c>, and below a heading for each row, such as <c>### F7</c>, the list of
/// its tests.
/// </summary>
internal sealed class NumberedTable
{
    private readonly string _document;
    private readonly char _letter;
    private readonly int[] _headings;
    private readonly ILookup<int, string> _lists;

    public NumberedTable(string document, char letter)
    {
        (_document, _letter) = (document, letter);
        var text = File.ReadAllText(Path.Combine(Repository.Root, document));
        Rows = [.. Matches(text, $@"^\| {letter}(\d+) \| ").Select(NumberOf)];
        _headings = [.. Matches(text, $@"^### {letter}(\d+)$").Select(NumberOf)];
        _lists = Matches(text, $@"^### {letter}(\d+)\n((?:\* .*\n?)+)").ToLookup(NumberOf, list => list.Groups[2].Value);
    }

    /// <summary>The numbers of the rows, in their order.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>Fails unless the rows have the numbers from 1 on without a gap, and the headings the same.</summary>
    public void IsWithoutGap()
    {
        Assert.True(Rows.Count > 0, $"{_document} has no row '| {_letter}1 | …'");
        AreNumbered("rows", Rows);
        AreNumbered("headings of lists", _headings);
    }

    /// <summary>The list below the heading of a row. Fails where there is none.</summary>
    public string ListOf(int number)
    {
        Assert.True(_lists.Contains(number), $"{_document} has no heading '### {_letter}{number}' with a list of tests directly below it");
        return string.Concat(_lists[number]);
    }

    /// <summary>Fails unless the list of a row has this test.</summary>
    public void Lists(int number, string test)
    {
        var isListed = _lists[number].Any(list => list.Contains($"`{test}`", StringComparison.Ordinal));
        Assert.True(isListed, $"{_document} does not list the test {test} below a heading '### {_letter}{number}'");
    }

    private void AreNumbered(string what, IReadOnlyList<int> numbers) => Assert.True(
        numbers.SequenceEqual(Enumerable.Range(1, Rows.Count)),
        $"{_document} has {Rows.Count} rows, so its {what} have the numbers 1 to {Rows.Count}; found: {string.Join(' ', numbers)}");

    private static MatchCollection Matches(string text, string pattern) => Regex.Matches(text, pattern, RegexOptions.Multiline);

    private static int NumberOf(Match match) => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
}
