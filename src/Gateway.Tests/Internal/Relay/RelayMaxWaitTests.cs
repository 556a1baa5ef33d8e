using FathomGateway.Internal.Relay;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary><c>RELAY_MAX_WAIT</c> is the longest time that a relayed call waits for its user's limit at the API.</summary>
[Trait("Gateway", "InProcess")]
public sealed class RelayMaxWaitTests
{
    /// <summary>
    /// The gateway's clock stands still, so a call that waits by it is never relayed. By default this call would wait: 3 s are less than
    /// the default of 5 s.
    /// </summary>
    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    public async Task A_call_that_would_have_to_wait_longer_than_the_setting_says_is_relayed_at_once(string seconds)
    {
        await using var stage =
            await RelayStage.StartAsync(new FakeTimeProvider(DateTimeOffset.UtcNow), (RelayRateLimit.VariableName, seconds));
        var user = await stage.UserAsync();
        var refused = await stage.RelayAsync(user, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(429, refused.Status);

        Assert.Equal(200, (await stage.RelayAsync(user, ScriptedApi.Empty)).Status);
    }
}
