using System.Globalization;
using FathomGateway.Settings;

namespace FathomGateway.Tokens.Budget;

/// <summary>Reads <c>FATHOM_TOKEN_BUDGET</c>.</summary>
internal static class TokenBudgetSetting
{
    public const string BudgetName = "FATHOM_TOKEN_BUDGET";

    /// <summary>Fathom allows 60 calls in 60 seconds. The difference is for exchanges.</summary>
    public const int Default = 50;

    /// <summary>Each refresh counts a row per call of the last minute. An app with a higher limit needs no budget.</summary>
    public const int Max = 10_000;

    /// <returns>Calls in any minute, or <see cref="TokenBudget.Unlimited"/> where it is 0.</returns>
    public static int Read(SettingsReader settings)
    {
        var text = settings.Optional(BudgetName, Default.ToString(CultureInfo.InvariantCulture));
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit <= Max)
        {
            return limit == 0 ? TokenBudget.Unlimited : limit;
        }

        settings.Fault(
            BudgetName,
            $"is not a whole number from 0 to {Max}: write how many token calls a minute the whole app may make, or 0 for no budget.");
        return Default;
    }
}
