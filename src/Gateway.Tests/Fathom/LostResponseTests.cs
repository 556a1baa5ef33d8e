using FathomGateway.Fathom;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

/// <summary>A refresh token that was sent and not answered may be spent. The result is in doubt, and the token is not sent again.</summary>
public sealed class LostResponseTests(ProviderStage stage) : IClassFixture<ProviderStage>
{
    private const string Tokens = """{"access_token":"new","token_type":"Bearer"}""";

    [Theory]
    [MemberData(nameof(LostResponse.Ways), MemberType = typeof(LostResponse))]
    public async Task A_refresh_whose_response_is_lost_is_in_doubt_F13(string what)
    {
        var script = LostResponse.Script(what, Tokens);

        // On a new connection, and on one that is kept alive.
        Assert.IsType<TokenResult.InDoubt>(await stage.RefreshAsync(script));
        Assert.IsType<TokenResult.Granted>(await stage.RefreshAsync(RawResponse.Json(Tokens)));
        Assert.IsType<TokenResult.InDoubt>(await stage.RefreshAsync(script));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_refresh_at_a_silent_or_dripping_provider_is_in_doubt_after_ten_seconds_F11()
    {
        await using var silent = new ProviderStage();
        await using var dripping = new ProviderStage();

        var results = await Task.WhenAll(
            silent.RefreshAsync(RawResponse.Silence),
            dripping.RefreshAsync(RawResponse.Drip(new string(' ', 100), TimeSpan.FromSeconds(1))));

        Assert.All(results, result => Assert.IsType<TokenResult.InDoubt>(result));
    }

    [Fact]
    public async Task A_refresh_on_a_connection_that_the_provider_has_closed_is_not_sent_twice()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<TokenResult.Granted>(await stage.RefreshAsync(async exchange =>
            {
                await RawResponse.Json(Tokens)(exchange);
                exchange.Close();
            }));

            // The close is under way: it is noticed in time, or it is not, and then the answer is lost.
            var before = stage.Endpoint.Requests;
            stage.Endpoint.Script = RawResponse.Json(Tokens);
            var result = await stage.Clients.RefreshAsync();
            var arrived = stage.Endpoint.Requests - before;
            Assert.True((result, arrived) is (TokenResult.Granted, 1) or (TokenResult.InDoubt, 0 or 1), $"{result} after {arrived}");
        }
    }

    [Fact]
    public async Task A_token_request_form_can_be_sent_only_once()
    {
        using var form = new SendOnceForm([new("refresh_token", "r")]);
        Assert.False(form.WasSent);

        await form.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);

        Assert.True(form.WasSent);
        await Assert.ThrowsAnyAsync<Exception>(() => form.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
    }
}
