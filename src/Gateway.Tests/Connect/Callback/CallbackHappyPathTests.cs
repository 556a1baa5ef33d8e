using FathomGateway.Tests.Kit;
using FathomGateway.Tokens.Encryption;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class CallbackHappyPathTests(Stage stage) : IClassFixture<Stage>
{
    [Fact]
    public async Task A_callback_stores_the_users_tokens_and_redirects_to_the_frontend_T9()
    {
        var (user, code) = (Fresh.User(), Fresh.Code());
        var state = await stage.StateAsync(user);
        stage.Provider.AnswersNext(TokenReply.Tokens("access-of-the-happy-path", "refresh-of-the-happy-path", expiresIn: 1800));

        using var response = await stage.CallBackAsync($"code={code}&state={state}");

        Assert.Equal(CallbackRedirect.Success, CallbackRedirect.Of(response));
        Assert.Equal(1, stage.Exchanges(code));
        var row = await stage.ConnectionAsync(user);
        var cipher = stage.Gateway.Services.GetRequiredService<TokenCipher>();
        Assert.Equal("access-of-the-happy-path", cipher.Open(row!.AccessToken, row.UserId, TokenColumn.AccessToken));
        Assert.Equal("refresh-of-the-happy-path", cipher.Open(row.RefreshToken!.Value, row.UserId, TokenColumn.RefreshToken));
        Assert.Equal(1800, (row.ExpiresAt - row.ConnectedAt).TotalSeconds, tolerance: 15);
    }

    [Fact]
    public async Task A_second_connect_replaces_the_users_first_connection_and_nobody_elses()
    {
        var (user, other) = (Fresh.User(), Fresh.User());
        await stage.LinkAsync(other);
        await stage.LinkAsync(user);
        var (before, untouched) = (await stage.ConnectionAsync(user), await stage.ConnectionAsync(other));

        await stage.LinkAsync(user);

        var after = await stage.ConnectionAsync(user);
        Assert.NotEqual(before!.AccessToken, after!.AccessToken);
        Assert.NotEqual(before.GrantId, after.GrantId);
        Assert.True(after.Version > before.Version);
        Assert.Equal(untouched, await stage.ConnectionAsync(other));
    }

    [Fact]
    public async Task A_callback_writes_only_the_user_of_its_state_whoever_opens_it_T3()
    {
        var (attacker, victim) = (Fresh.User(), Fresh.User());
        await stage.LinkAsync(victim);
        var before = await stage.ConnectionAsync(victim);
        var state = await stage.StateAsync(attacker);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"fathom/callback?code={Fresh.Code()}&state={state}");
        request.Headers.Authorization = new("Bearer", Jwt.For(victim));
        using var response = await stage.Gateway.Client.SendAsync(request);

        Assert.Equal(CallbackRedirect.Success, CallbackRedirect.Of(response));
        Assert.Equal(before, await stage.ConnectionAsync(victim));
        Assert.NotNull(await stage.ConnectionAsync(attacker));
    }
}
