using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class HostileExchangeTests(TokenEndpointStage stage) : HostileProviderContract, IClassFixture<TokenEndpointStage>
{
    private protected override async Task AssertFailsAsync(Func<RawExchange, Task> script)
    {
        var (redirect, accessToken) = await stage.ReconnectAsync(script);

        Assert.Contains(redirect, new[] { CallbackRedirect.Failure("exchange_failed"), CallbackRedirect.Failure("provider_unavailable") });
        Assert.Equal("old-access", accessToken);
    }
}

public sealed class HostileRefreshTests(ProviderStage stage) : HostileProviderContract, IClassFixture<ProviderStage>
{
    private protected override async Task AssertFailsAsync(Func<RawExchange, Task> script) =>
        Assert.IsType<TokenResult.Malformed>(await stage.RefreshAsync(script));
}

public sealed class HostileRevocationTests(ProviderStage stage) : HostileProviderContract, IClassFixture<ProviderStage>
{
    private protected override async Task AssertFailsAsync(Func<RawExchange, Task> script) => Assert.False(await stage.RevokeAsync(script));
}
