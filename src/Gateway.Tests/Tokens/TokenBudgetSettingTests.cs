using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Budget;
using Xunit;

namespace FathomGateway.Tests.Tokens;

public sealed class TokenBudgetSettingTests
{
    [Theory]
    [InlineData(null, 50)]
    [InlineData(" ", 50)]
    [InlineData("1", 1)]
    [InlineData(" 55 ", 55)]
    [InlineData("10000", 10_000)]
    [InlineData("0", TokenBudget.Unlimited)]
    public void FATHOM_TOKEN_BUDGET_is_a_whole_number_and_0_is_no_budget(string? text, int limit)
    {
        var settings = Reader(text);

        Assert.Equal(limit, TokenBudgetSetting.Read(settings));
        settings.ThrowIfFaulty();
    }

    [Theory]
    [InlineData("fifty")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("10001")]
    [InlineData("99999999999")]
    public void An_invalid_FATHOM_TOKEN_BUDGET_is_a_fault_with_a_remedy(string text)
    {
        var settings = Reader(text);
        TokenBudgetSetting.Read(settings);

        var fault = Assert.Single(Assert.Throws<SettingsException>(settings.ThrowIfFaulty).Faults);
        Assert.Equal("FATHOM_TOKEN_BUDGET", fault.Name);
        Assert.Contains("0 for no budget", fault.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(text, fault.Remedy, StringComparison.Ordinal);
    }

    private static SettingsReader Reader(string? text) =>
        TestSettings.Reader(("FATHOM_TOKEN_BUDGET", text));
}
