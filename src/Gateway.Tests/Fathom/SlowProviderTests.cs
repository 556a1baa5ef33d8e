using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class SlowProviderTests
{
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_provider_has_ten_seconds_in_all_whether_it_is_silent_or_drips_F11() => await Task.WhenAll(
        AssertGivenUpAsync(RawAnswer.Silence),
        AssertGivenUpAsync(RawAnswer.Drip(new string(' ', 100), TimeSpan.FromSeconds(1))));

    private static async Task AssertGivenUpAsync(Func<RawExchange, Task> script)
    {
        var stage = new TokenEndpointStage();
        await stage.InitializeAsync();
        await using var _ = stage;

        var (landing, accessToken) = await stage.ReconnectAsync(script);

        Assert.Equal(Landing.Failure("provider_unavailable"), landing);
        Assert.Equal("old-access", accessToken);
    }
}
