using FathomGateway.Tests.Audit;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>Bodies of relayed requests that do not arrive, break off, or cannot be sent twice.</summary>
public sealed class RelayBodyTests(RelayStage stage) : IClassFixture<RelayStage>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The limit is the product's own, so this test waits for it.</summary>
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_relayed_body_that_does_not_arrive_is_refused()
    {
        await using var client = await RawClient.ConnectAsync(stage.Gateway.Internal);
        await client.SendAsync(Head(await stage.UserAsync(), "Content-Length: 100\r\n") + "0123456789");

        var answer = await client.ReadResponseAsync("POST", Limit);

        Assert.Equal((408, "close"), (answer.Status, answer.Header("Connection")));
        Assert.Contains("\"invalid_request\"", answer.BodyText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "aborted.")]
    [InlineData(false, "400.")]
    public async Task A_caller_that_leaves_in_the_middle_of_a_relayed_body_is_audited_and_causes_no_error(bool isReset, string outcome)
    {
        var user = await stage.UserAsync();
        await using var client = await RawClient.ConnectAsync(stage.Gateway.Internal);
        await client.SendAsync(Head(user, "Content-Length: 100\r\nExpect: 100-continue\r\n"));
        // The gateway reads the body now.
        Assert.Equal(100, (await client.ReadHeadAsync()).Status);

        await client.SendAsync("0123456789");
        if (isReset) client.Reset();
        else client.FinishSending();

        await Eventually.BecomesTrueAsync(
            () => stage.Stage.Audit(user).Any(line => line.Contains($"POST relay, {outcome}", StringComparison.Ordinal)),
            Limit,
            "it is audited");
        Assert.DoesNotContain(stage.Gateway.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_relayed_body_with_broken_chunks_is_the_callers_fault_and_not_the_APIs()
    {
        var answer = await stage.Gateway.RawAsync(
            "POST", $"/connections/{await stage.UserAsync()}/fathom/webhooks", "Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n");

        Assert.Equal((400, "close"), (answer.Status, answer.Header("Connection")));
        Assert.Contains("\"invalid_request\"", answer.BodyText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "\"reconnect_required\"")]
    [InlineData(404, "\"not_connected\"")]
    public async Task A_refused_token_that_only_the_user_can_mend_is_reported_also_for_a_body_that_is_sent_once(int status, string error)
    {
        var user = await stage.UserAsync();
        stage.Answer = async _ =>
        {
            if (status == 403) stage.Stage.RequireReconnect(user);
            else (await stage.Gateway.InternalAsync(HttpMethod.Delete, $"connections/{user}")).Dispose();
            return ScriptedApi.Unauthorized;
        };

        var answer = await stage.Gateway.RawAsync(
            "POST", $"/connections/{user}/fathom/webhooks", "Transfer-Encoding: chunked\r\n", "1\r\nb\r\n0\r\n\r\n");

        Assert.Equal(status, answer.Status);
        Assert.Contains(error, answer.BodyText, StringComparison.Ordinal);
    }

    private static string Head(string user, string fields) =>
        $"POST /connections/{user}/fathom/webhooks HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TestSettings.InternalApiKey}\r\n"
            + $"{fields}\r\n";
}
