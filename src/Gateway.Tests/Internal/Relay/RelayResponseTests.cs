using System.Net;
using FathomGateway.Tests.Connect;
using Xunit;

namespace FathomGateway.Tests.Internal;

public sealed class RelayResponseTests(RelayStage stage) : IClassFixture<RelayStage>
{
    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_relayed_response_has_the_APIs_status_fields_and_body(int status)
    {
        var answer = await stage.RelayAsync(
            await stage.UserAsync(),
            $"HTTP/1.1 {status} Own words\r\nRetry-After: 17\r\nRateLimit-Limit: 60\r\nRateLimit-Remaining: 0\r\nRateLimit-Reset: 42\r\n"
                + $"Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{{\"a\":1}}");

        Assert.Equal($"HTTP/1.1 {status} Own words", answer.Head.StartLine);
        Assert.Equal("17", answer.Header("Retry-After"));
        Assert.Equal(
            ("60", "0", "42"), (answer.Header("RateLimit-Limit"), answer.Header("RateLimit-Remaining"), answer.Header("RateLimit-Reset")));
        Assert.Equal("{\"a\":1}", answer.BodyText);
        Assert.Equal("7", answer.Header("Content-Length"));
    }

    [Fact]
    public async Task Cookies_of_the_API_are_neither_relayed_nor_kept()
    {
        var user = await stage.UserAsync();

        var answer = await stage.RelayAsync(user, "HTTP/1.1 200 OK\r\nSet-Cookie: session=1\r\nContent-Length: 0\r\n\r\n");
        await stage.RelayAsync(user, ScriptedApi.Empty);

        Assert.Null(answer.Header("Set-Cookie"));
        Assert.Null(stage.Api.Requests[^1].Header("Cookie"));
    }

    [Fact]
    public async Task A_redirect_of_the_API_is_relayed_and_not_followed()
    {
        var before = stage.Api.Requests.Count;

        var answer = await stage.RelayAsync(
            await stage.UserAsync(), $"HTTP/1.1 302 Found\r\nLocation: {stage.Api.BaseUrl}/elsewhere\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(302, answer.Status);
        Assert.Equal($"{stage.Api.BaseUrl}/elsewhere", answer.Header("Location"));
        Assert.Equal(before + 1, stage.Api.Requests.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n", "GET", "")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "GET", "")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", "POST", "Content-Length: 0\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "GET", "Expect: 100-continue\r\n")]
    public async Task A_101_of_the_API_to_a_request_without_an_upgrade_is_a_502(string answer, string method, string fields)
    {
        var received = await stage.RelayAsync(await stage.UserAsync(), $"{answer}{ScriptedApi.Empty}", method, more: fields);

        Assert.Equal(502, received.Status);
        Assert.Equal("application/problem+json", received.Header("Content-Type"));
        Assert.Contains("\"not_relayed\"", received.BodyText, StringComparison.Ordinal);
        Assert.Null(received.Header("Upgrade"));
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 102 Processing\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nSet-Cookie: a=b\r\n\r\n")]
    [InlineData("HTTP/1.1 199 Any\r\nX-Interim: 1\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")]
    public async Task An_interim_response_of_the_API_is_not_relayed(string interim)
    {
        var user = await stage.UserAsync();

        var received = await stage.RelayAsync(user, $"{interim}HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfinal");
        var next = await stage.RelayAsync(user, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");

        Assert.Equal((200, "final"), (received.Status, received.BodyText));
        Assert.Null(received.Header("Link") ?? received.Header("Set-Cookie") ?? received.Header("X-Interim"));
        Assert.Equal((200, "next"), (next.Status, next.BodyText));
    }

    [Fact]
    public async Task A_compressed_body_of_the_API_stays_compressed()
    {
        var answer = await stage.RelayAsync(
            await stage.UserAsync(),
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00",
            more: "Accept-Encoding: gzip\r\n");

        Assert.Equal("gzip", answer.Header("Content-Encoding"));
        Assert.Equal([0x1f, 0x8b, 0x08, 0x00], answer.Body);
    }

    [Fact]
    public async Task A_relay_call_for_a_user_who_has_to_reconnect_is_a_403_problem()
    {
        var user = await stage.UserAsync();
        stage.Stage.RequireReconnect(user);

        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/fathom/meetings");

        var problem = await InternalCalls.IsProblemAsync(response, HttpStatusCode.Forbidden, "reconnect_required");
        Assert.Equal(RowChanges.Reason, problem.GetProperty("reconnect_reason").GetString());
    }

    [Fact]
    public async Task A_relay_call_for_a_user_who_is_not_connected_is_a_404_problem()
    {
        using var response = await stage.Gateway.InternalAsync(HttpMethod.Get, $"connections/{Fresh.User()}/fathom/meetings");

        await InternalCalls.IsProblemAsync(response, HttpStatusCode.NotFound, "not_connected");
    }

    [Fact]
    public async Task An_API_that_cannot_be_reached_is_a_502_problem()
    {
        await using var alone = await Stage.StartAsync(("FATHOM_API_URL", "http://127.0.0.1:1/api"));
        var user = Fresh.User();
        await alone.LinkAsync(user);

        using var response = await alone.Gateway.InternalAsync(HttpMethod.Get, $"connections/{user}/fathom/meetings");

        await InternalCalls.IsProblemAsync(response, HttpStatusCode.BadGateway, "not_relayed");
        Assert.Contains(alone.Gateway.Log.Lines, line => line.Contains("could not be relayed", StringComparison.Ordinal));
    }
}
