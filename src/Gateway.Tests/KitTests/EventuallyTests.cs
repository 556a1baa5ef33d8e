using FathomGateway.Tests.Kit;
using Xunit;
using Xunit.Sdk;

namespace FathomGateway.Tests.KitTests;

public sealed class EventuallyTests
{
    [Fact]
    public async Task Eventually_returns_once_the_condition_holds_and_ignores_earlier_exceptions()
    {
        var calls = 0;

        await Eventually.BecomesTrueAsync(
            () => ++calls > 2 || (calls == 1 ? throw new IOException() : false), TimeSpan.FromSeconds(5), "it is the third call");

        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Eventually_fails_with_the_reason_and_the_last_exception()
    {
        var fault = await Assert.ThrowsAsync<XunitException>(
            () => Eventually.BecomesTrueAsync(bool () => throw new IOException("still down"), TimeSpan.FromMilliseconds(50), "it is up"));

        Assert.Contains("it is up", fault.Message, StringComparison.Ordinal);
        Assert.Equal("still down", fault.InnerException!.Message);
    }
}
