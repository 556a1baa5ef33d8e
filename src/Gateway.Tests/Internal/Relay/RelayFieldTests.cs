using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>A field that is none is not relayed, as it is not forwarded to the backend.</summary>
public sealed class RelayFieldTests(RelayStage stage) : IClassFixture<RelayStage>
{
    [Theory]
    [InlineData("Transfer-Encoding\u000b: chunked\r\n")]
    [InlineData("X(Y): v\r\n")]
    public async Task A_field_name_that_is_no_token_is_refused_and_nothing_is_relayed_T32(string line)
    {
        var user = await stage.UserAsync();
        var begun = stage.Api.Requests.Count;

        var answer = await stage.RelayAsync(user, ScriptedApi.Empty, more: line);

        Assert.Equal(400, answer.Status);
        Assert.Equal(begun, stage.Api.Requests.Count);
    }

    [Fact]
    public async Task An_upgrade_in_an_HTTP_1_0_request_is_not_relayed_B9()
    {
        var user = await stage.UserAsync();
        stage.Answer = _ => Task.FromResult(ScriptedApi.Empty);

        var answer = await RawClient.ExchangeAsync(
            stage.Gateway.Internal,
            $"GET /connections/{user}/fathom/meetings HTTP/1.0\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + $"Authorization: Bearer {TestSettings.InternalApiKey}\r\n\r\n");

        Assert.Equal(200, answer.Status);
        Assert.Null(stage.Api.Requests[^1].Header("Upgrade"));
    }
}
