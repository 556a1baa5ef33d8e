using System.Data.Common;
using FathomGateway.Tokens.Databases;

namespace FathomGateway.Tokens.Budget;

/// <summary>The state of the window.</summary>
/// <param name="LastOfHalf">Time of the refresh that used up half of the budget; null where there were fewer.</param>
/// <param name="LastOfAll">Time of the call that used up the budget; null where there were fewer.</param>
internal sealed record BudgetState(
    DateTimeOffset Now, DateTimeOffset? PausedUntil, DateTimeOffset? LastOfHalf, DateTimeOffset? LastOfAll)
{
    public static BudgetState Read(DbDataReader row) => new(
        row.GetTime("Now"), row.GetTimeOrNull("PausedUntil"), row.GetTimeOrNull("LastOfHalf"), row.GetTimeOrNull("LastOfAll"));

    /// <summary>
    /// Time until the next refresh may be sent; null where it may be sent now: there is no pause, and refreshes have not used their half or
    /// the budget is not used up.
    /// </summary>
    public TimeSpan? Wait
    {
        get
        {
            var room = LastOfHalf is { } half && LastOfAll is { } all
                ? (half < all ? half : all) + TokenBudget.Window
                : (DateTimeOffset?)null;
            var opens = PausedUntil is null || room > PausedUntil ? room : PausedUntil;
            return opens - Now is { } left && left > TimeSpan.Zero ? left : null;
        }
    }
}
