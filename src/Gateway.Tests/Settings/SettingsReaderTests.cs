using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Settings;

public sealed class SettingsReaderTests
{
    [Fact]
    public void A_settings_value_may_stand_in_a_file()
    {
        var file = Path.Combine(TempFolder.Create("secret"), "secret");
        File.WriteAllText(file, " a secret with blanks \n");
        var settings = Reader(("NAME_FILE", file));

        Assert.Equal(" a secret with blanks ", settings.Secret("NAME"));
        Assert.Equal("a secret with blanks", settings.Optional("NAME"));
        Assert.False(settings.HasFaults);
    }

    [Fact]
    public void A_variable_takes_precedence_over_its_file() =>
        Assert.Equal("direct", Reader(("NAME", "direct"), ("NAME_FILE", "/does/not/exist")).Optional("NAME"));

    [Fact]
    public void A_settings_file_that_cannot_be_read_is_one_fault_and_not_two()
    {
        var settings = Reader(("NAME_FILE", "/does/not/exist"));
        settings.Required("NAME", "needed.");

        Assert.Equal("NAME_FILE", Assert.Single(Assert.Throws<SettingsException>(settings.ThrowIfFaulty).Faults).Name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    public void An_empty_value_counts_as_unset(string? value) => Assert.Null(Reader(("NAME", value)).Optional("NAME"));

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("1", true)]
    [InlineData("on", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("No", false)]
    public void Flags_are_read_in_the_usual_spellings(string text, bool expected) =>
        Assert.Equal(expected, Reader(("NAME", text)).Flag("NAME", fallback: !expected));

    [Fact]
    public void Lists_are_separated_by_commas() => Assert.Equal(["a", "b"], Reader(("NAME", " a, ,b ")).List("NAME"));

    private static SettingsReader Reader(params (string Name, string? Value)[] settings) =>
        TestSettings.Reader(settings);
}
