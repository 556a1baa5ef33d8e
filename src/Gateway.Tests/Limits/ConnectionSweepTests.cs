using FathomGateway.Limits.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Limits;

public sealed class ConnectionSweepTests
{
    [Fact]
    public void A_connection_that_has_never_sent_a_request_is_closed_after_a_minute_and_one_that_has_is_not()
    {
        var budget = new ConnectionBudgetFixture();
        using var sweep = new ConnectionSweep(budget.Connections, TimeProvider.System, NullLogger<ConnectionSweep>.Instance);
        var (silent, _) = budget.Open();
        var idle = budget.OpenIdle();

        sweep.Sweep(silent.Opened + ConnectionSweep.FirstRequestMilliseconds - 1, askKernel: true);
        Assert.False(silent.IsClosing);
        sweep.Sweep(silent.Opened + ConnectionSweep.FirstRequestMilliseconds, askKernel: true);
        Assert.True(silent.IsClosing);
        Assert.False(idle.IsClosing);
        Assert.Equal(1, budget.Events.Count(EvictionReason.NoRequest));
        // Nothing was short.
        Assert.False(budget.Events.HasBeenShort);
    }
}
