using FathomGateway.Limits;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FathomGateway.Tests.Limits;

public sealed class HeapPressureTests
{
    [Fact]
    public async Task Large_requests_are_admitted_again_when_the_runtime_has_freed_the_heap()
    {
        var budget = new ConnectionBudgetFixture().Connections;
        var pressure = new HeapPressure(budget, NullLogger<HeapPressure>.Instance);
        budget.IsHeapFull = true;

        await pressure.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            await Eventually.BecomesTrueAsync(
                () =>
                {
                    GC.Collect(0);
                    return !budget.IsHeapFull;
                },
                TimeSpan.FromSeconds(20),
                "the heap is no longer full");
        }
        finally
        {
            await pressure.StopAsync(CancellationToken.None);
        }
    }
}
