using System.Net;
using System.Text.Json;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal.Sdk;

[Trait("Speed", "Slow")]
public sealed class OfficialSdkTests(RelayStage stage) : IClassFixture<RelayStage>
{
    [Fact]
    public async Task Pages_are_followed_by_their_cursor_and_filters_arrive_as_the_sdk_wrote_them()
    {
        var user = await stage.UserAsync();
        stage.Answer = Answer;

        var titles = await RunAsync("pages", user);

        Assert.Equal("""["first","second"]""", titles.GetRawText());
        Assert.All(stage.Api.Requests, request => Assert.Contains("teams%5B%5D=Sales&teams%5B%5D=R%26D", request.Head.Target, StringComparison.Ordinal));
        Assert.All(stage.Api.Requests, request => Assert.StartsWith("/external/v1/meetings?", request.Head.Target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_webhook_is_made_and_removed() =>
        Assert.Equal("https://app.example.test/hook", (await RunAsync("webhook", await NewUserAsync())).GetString());

    [Fact]
    public async Task Five_calls_at_once_on_a_refused_token_cause_one_refresh() => await OneRefreshAsync(await NewUserAsync());

    [Fact]
    public async Task Five_calls_at_once_on_a_token_that_has_ended_cause_one_refresh()
    {
        var user = await NewUserAsync();
        stage.Stage.EndAccessToken(user);
        await OneRefreshAsync(user);
    }

    [Fact]
    public async Task Who_has_to_reconnect_gets_an_error_that_the_sdk_throws()
    {
        var user = await NewUserAsync();
        stage.Stage.RequireReconnect(user);

        var thrown = await RunAsync("refused", user);

        Assert.Equal((int)HttpStatusCode.Forbidden, thrown.GetProperty("statusCode").GetInt32());
        Assert.Equal("reconnect_required", thrown.GetProperty("body").GetProperty("error").GetString());
    }

    private static Task<string> Answer(WireMessage request) => Task.FromResult(MeetingsApi.Answer(request));

    private static Task<JsonElement> RunAsync(Uri gateway, string scenario, string user) =>
        OfficialSdk.RunAsync(scenario, new Uri(gateway, $"connections/{Uri.EscapeDataString(user)}/fathom"));

    private async Task<string> NewUserAsync()
    {
        stage.Answer = Answer;
        return await stage.UserAsync();
    }

    private Task<JsonElement> RunAsync(string scenario, string user) => RunAsync(stage.Gateway.Internal, scenario, user);

    private async Task OneRefreshAsync(string user)
    {
        var old = await stage.Stage.AccessTokenAsync(user);
        stage.Answer = request => Task.FromResult(request.Header("Authorization") == $"Bearer {old}" ? ScriptedApi.Unauthorized : MeetingsApi.Answer(request));
        var refreshes = Refreshes();

        var titles = await RunAsync("parallel", user);

        Assert.Equal("""["second","second","second","second","second"]""", titles.GetRawText());
        Assert.Equal(refreshes + 1, Refreshes());
    }

    private int Refreshes() => stage.Stage.Provider.TokenRequests.Count(request => request.GrantType == "refresh_token");
}
