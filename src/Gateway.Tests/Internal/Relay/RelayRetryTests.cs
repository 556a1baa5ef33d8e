using System.Net;
using FathomGateway.Internal.Relay;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>
/// What happens to a token that the provider refuses. A reconnect meanwhile stands in for the refresh: it also moves the row to a newer
/// version.
/// </summary>
public sealed class RelayRetryTests(RelayStage stage) : IClassFixture<RelayStage>
{
    [Fact]
    public async Task A_token_that_the_API_refuses_is_replaced_and_the_relayed_request_sent_again()
    {
        var user = await stage.UserAsync();
        var (first, seen) = (await stage.Stage.AccessTokenAsync(user), stage.Api.Requests.Count);
        stage.Answer = request => RefuseAsync(user, first!, request);

        var answer = await stage.Gateway.RawAsync(
            "POST", $"/connections/{user}/fathom/webhooks?a=%2f", "Content-Type: text/plain\r\nContent-Length: 4\r\n", "body");

        var second = await stage.Stage.AccessTokenAsync(user);
        Assert.Equal("HTTP/1.1 200 OK", answer.Head.StartLine);
        Assert.NotEqual(first, second);
        Assert.Equal([$"Bearer {first}", $"Bearer {second}"], stage.Api.Credentials.Skip(seen));
        Assert.All(stage.Api.Requests.Skip(seen), request => Assert.Equal(
            ("/external/v1/webhooks?a=%2f", "body", "text/plain"),
            (request.Head.Target, request.BodyText, request.Header("Content-Type"))));
    }

    [Fact]
    public async Task A_second_refusal_of_the_API_is_relayed_unchanged()
    {
        var user = await stage.UserAsync();
        var seen = stage.Api.Requests.Count;
        stage.Answer = async _ =>
        {
            await stage.Stage.LinkAsync(user);
            return ScriptedApi.Unauthorized;
        };

        var answer = await stage.Gateway.RawAsync("GET", $"/connections/{user}/fathom/meetings");

        Assert.Equal((401, "refused"), (answer.Status, answer.BodyText));
        Assert.Equal(2, stage.Api.Requests.Count - seen);
    }

    [Fact]
    public async Task A_user_whom_the_API_always_refuses_costs_three_refreshes_a_minute_and_gets_the_refusal()
    {
        var user = await stage.UserAsync();
        var before = stage.Stage.Provider.TokenRequests.Count;
        stage.Answer = _ => Task.FromResult(ScriptedApi.Unauthorized);

        for (var i = 0; i < 70; i++)
        {
            var answer = await stage.Gateway.RawAsync("GET", $"/connections/{user}/fathom/meetings");
            Assert.Equal((401, "refused"), (answer.Status, answer.BodyText));
        }

        Assert.Equal(3, stage.Stage.Provider.TokenRequests.Count - before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_relayed_body_too_large_to_keep_is_sent_once_and_its_refusal_relayed(bool withLength)
    {
        var user = await stage.UserAsync();
        var (first, seen) = (await stage.Stage.AccessTokenAsync(user), stage.Api.Requests.Count);
        stage.Answer = request => RefuseAsync(user, first!, request);
        var body = new string('b', ReplayableBody.MaxBytes + 1);

        var answer = withLength
            ? await stage.Gateway.RawAsync("POST", $"/connections/{user}/fathom/webhooks", $"Content-Length: {body.Length}\r\n", body)
            : await stage.Gateway.RawAsync(
                "POST", $"/connections/{user}/fathom/webhooks", "Transfer-Encoding: chunked\r\n", "1\r\nb\r\n0\r\n\r\n");

        Assert.Equal((401, "refused"), (answer.Status, answer.BodyText));
        Assert.Equal(withLength ? body : "b", Assert.Single(stage.Api.Requests.Skip(seen)).BodyText);
        var next = await stage.Gateway.RawAsync("GET", $"/connections/{user}/fathom/meetings");
        Assert.Equal(200, next.Status);
    }

    [Fact]
    public async Task The_largest_relayed_body_that_is_kept_is_sent_again_whole()
    {
        var user = await stage.UserAsync();
        var (first, seen) = (await stage.Stage.AccessTokenAsync(user), stage.Api.Requests.Count);
        stage.Answer = request => RefuseAsync(user, first!, request);
        var body = new string('b', ReplayableBody.MaxBytes);

        var answer =
            await stage.Gateway.RawAsync("POST", $"/connections/{user}/fathom/webhooks", $"Content-Length: {body.Length}\r\n", body);

        Assert.Equal(200, answer.Status);
        Assert.Equal([body, body], stage.Api.Requests.Skip(seen).Select(request => request.BodyText));
    }

    [Fact]
    public async Task A_refused_token_that_only_the_user_can_mend_is_a_403_of_the_relay()
    {
        var user = await stage.UserAsync();
        stage.Answer = _ =>
        {
            stage.Stage.RequireReconnect(user);
            return Task.FromResult(ScriptedApi.Unauthorized);
        };

        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/fathom/meetings");

        await InternalCalls.IsProblemAsync(response, HttpStatusCode.Forbidden, "reconnect_required");
    }

    [Fact]
    public async Task A_user_who_disconnects_during_a_relay_call_is_not_found()
    {
        var user = await stage.UserAsync();
        stage.Answer = async _ =>
        {
            using var ended = await stage.Gateway.InternalAsync(HttpMethod.Delete, $"connections/{user}");
            return ScriptedApi.Unauthorized;
        };

        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/fathom/meetings");

        await InternalCalls.IsProblemAsync(response, HttpStatusCode.NotFound, "not_connected");
    }

    private async Task<string> RefuseAsync(string user, string token, WireMessage request)
    {
        if (request.Header("Authorization") != $"Bearer {token}") return ScriptedApi.Empty;
        await stage.Stage.LinkAsync(user);
        return ScriptedApi.Unauthorized;
    }
}
