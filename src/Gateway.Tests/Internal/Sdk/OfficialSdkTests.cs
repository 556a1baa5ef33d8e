using System.Net;
using System.Text.Json;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal.Sdk;

[Trait("Speed", "Slow")]
public sealed class OfficialSdkTests(RelayStage stage) : IClassFixture<RelayStage>
{
    [Fact]
    public async Task The_official_SDK_follows_pages_by_cursor_and_its_filters_arrive_unchanged()
    {
        var user = await NewUserAsync();
        var seen = stage.Api.Requests.Count;

        var titles = await RunAsync("pages", user);

        Assert.Equal("""["first","second"]""", titles.GetRawText());
        string[] targets = [.. stage.Api.Requests.Skip(seen).Select(request => request.Head.Target)];
        Assert.Equal(2, targets.Length);
        Assert.All(targets, target => Assert.StartsWith("/external/v1/meetings?", target, StringComparison.Ordinal));
        Assert.All(targets, target => Assert.Contains("teams%5B%5D=Sales&teams%5B%5D=R%26D", target, StringComparison.Ordinal));
        Assert.Contains("cursor=last", targets[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_official_SDK_creates_and_removes_a_webhook() =>
        Assert.Equal("https://app.example.test/hook", (await RunAsync("webhook", await NewUserAsync())).GetString());

    [Fact]
    public async Task The_documented_SDK_lines_reach_the_API_for_their_user() =>
        Assert.Equal("second", (await RunAsync("document", await NewUserAsync())).GetString());

    [Fact]
    public async Task The_documented_SDK_lines_follow_no_redirect()
    {
        await using var elsewhere = RecordingBackend.Start();
        var user = await NewUserAsync();
        stage.Answer = _ => Task.FromResult(
            $"HTTP/1.1 302 Found\r\nLocation: http://localhost:{elsewhere.Address.Port}/meetings\r\nContent-Length: 0\r\n\r\n");

        var told = await RunAsync("redirected", user);

        Assert.Equal((int)HttpStatusCode.Redirect, told.GetProperty("statusCode").GetInt32());
        Assert.Equal(0, elsewhere.Connections);
    }

    [Fact]
    public async Task Five_concurrent_SDK_calls_on_a_refused_token_cause_one_refresh() => await OneRefreshAsync(await NewUserAsync());

    [Fact]
    public async Task Five_concurrent_SDK_calls_on_an_expired_token_cause_one_refresh()
    {
        var user = await NewUserAsync();
        stage.Stage.EndAccessToken(user);
        await OneRefreshAsync(user);
    }

    [Fact]
    public async Task The_official_SDK_throws_an_error_for_a_user_who_has_to_reconnect()
    {
        var user = await NewUserAsync();
        stage.Stage.RequireReconnect(user);

        var thrown = await RunAsync("refused", user);

        Assert.Equal((int)HttpStatusCode.Forbidden, thrown.GetProperty("statusCode").GetInt32());
        Assert.Equal("reconnect_required", thrown.GetProperty("body").GetProperty("error").GetString());
    }

    private static Task<string> Answer(WireMessage request) => Task.FromResult(MeetingsApi.Answer(request));

    private async Task<string> NewUserAsync()
    {
        stage.Answer = Answer;
        return await stage.UserAsync();
    }

    private Task<JsonElement> RunAsync(string scenario, string user) =>
        OfficialSdk.RunAsync(scenario, new Uri(stage.Gateway.Internal, $"connections/{Uri.EscapeDataString(user)}/fathom"));

    private async Task OneRefreshAsync(string user)
    {
        var old = await stage.Stage.AccessTokenAsync(user);
        stage.Answer = request =>
            Task.FromResult(request.Header("Authorization") == $"Bearer {old}" ? ScriptedApi.Unauthorized : MeetingsApi.Answer(request));
        var refreshes = Refreshes();

        var titles = await RunAsync("parallel", user);

        Assert.Equal("""["second","second","second","second","second"]""", titles.GetRawText());
        Assert.Equal(refreshes + 1, Refreshes());
    }

    private int Refreshes() => stage.Stage.Provider.TokenRequests.Count(request => request.GrantType == "refresh_token");
}
