using FathomGateway.Proxy.Direct;
using Xunit;

namespace FathomGateway.Tests.Proxy;

public sealed class YieldBudgetTests
{
    private const int Piece = 64 * 1024;

    [Fact]
    public void A_body_that_is_always_ready_yields_every_256_kB()
    {
        var turn = default(YieldBudget);
        var ends = Enumerable.Range(1, 12).Where(_ => turn.IsSpent(Piece, hasWaited: false));

        Assert.Equal([4, 8, 12], ends);
    }

    [Fact]
    public void A_body_that_is_waited_for_does_not_yield()
    {
        var turn = default(YieldBudget);

        Assert.DoesNotContain(true, Enumerable.Range(1, 100).Select(i => turn.IsSpent(Piece, hasWaited: i % 3 == 0)));
    }

    [Fact]
    public void The_yield_budget_is_crowded_while_more_than_64_bodies_are_under_way()
    {
        YieldBudget.Count(65);
        var isCrowded = YieldBudget.IsCrowded;
        YieldBudget.Count(-65);

        Assert.True(isCrowded);
    }
}
