using FathomGateway.Cli.Output;
using Xunit;

namespace FathomGateway.Tests.Cli;

public sealed class TextTableTests
{
    /// <summary>Wide characters take two columns of a terminal, a combining accent none.</summary>
    [Theory]
    [InlineData("\u7528\u6237", 4)]
    [InlineData("\uFF41b", 3)]
    [InlineData("\uD55C\uAE00", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("\u00E9", 1)]
    [InlineData("\uD83D\uDE00", 2)]
    public void A_column_stays_in_line_beside_wide_and_combining_characters(string user, int columns)
    {
        var lines = Written([user, "connected"], ["anna-maria", "connected"]);

        Assert.Equal($"{user}{new string(' ', "anna-maria".Length - columns)}  connected", lines[1]);
        Assert.Equal("anna-maria  connected", lines[2]);
    }

    [Fact]
    public void A_long_user_id_is_whole_and_widens_no_other_row()
    {
        var user = new string('u', 255);

        var lines = Written(["ann", "connected"], [user, "connected"], ["ben", "connected"]);

        Assert.Equal(["USER  STATUS", "ann   connected", $"{user}  connected", "ben   connected"], lines);
    }

    private static string[] Written(params string[][] rows)
    {
        using var output = new StringWriter { NewLine = "\n" };
        new TextTable(output, "USER", "STATUS").Write(rows);
        return $"{output}".TrimEnd().Split('\n');
    }
}
