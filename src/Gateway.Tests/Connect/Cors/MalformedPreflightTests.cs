using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class MalformedPreflightTests(Stage stage) : IClassFixture<Stage>
{
    [Theory]
    [InlineData("\u0001")]
    [InlineData("a, \u007f")]
    [InlineData("\u00ff")]
    [InlineData("a;b")]
    public async Task A_preflight_with_an_invalid_list_of_fields_is_a_400_and_logs_nothing(string list)
    {
        Assert.Equal(400, (await AskAsync(list)).Status);
        Assert.Empty(stage.Gateway.Log.Complaints);
    }

    [Theory]
    [InlineData("authorization")]
    [InlineData("authorization, sentry-trace,\tx_custom!")]
    [InlineData("")]
    public async Task A_preflight_with_a_valid_list_of_fields_is_accepted(string list) => Assert.Equal(204, (await AskAsync(list)).Status);

    private Task<WireMessage> AskAsync(string list) => RawClient.ExchangeAsync(
        stage.Gateway.Public,
        $"OPTIONS /fathom/connect HTTP/1.1\r\nHost: h\r\nOrigin: {TestSettings.FrontendUrl}\r\nAccess-Control-Request-Method: "
            + $"GET\r\nAccess-Control-Request-Headers: {list}\r\nConnection: close\r\n\r\n");
}
