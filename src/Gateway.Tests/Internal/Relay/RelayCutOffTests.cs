using FathomGateway.Tests.Audit;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>Relayed messages that one side does not finish: whose fault it is, and what the audit log says of it.</summary>
public sealed class RelayCutOffTests
{
    private const string FirstPiece = "3\r\nabc\r\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_response_that_the_API_breaks_off_is_audited_as_failed_and_logged_once(bool isReset)
    {
        TaskCompletionSource beginningRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var api = RawServer.Start(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
            await beginningRead.Task.WaitAsync(exchange.ServerEnds);
            if (isReset) exchange.Reset();
            else exchange.Close();
        });
        await using var stage = await StartAsync(api);
        var (user, client) = await CallAsync(stage, "GET", "\r\n");
        await using var _ = client;
        Assert.Equal(200, (await client.ReadHeadAsync()).Status);
        Assert.Equal("0123456789", await client.ReadTextAsync(10));

        beginningRead.SetResult();

        await IsAuditedAsync(stage, user, "GET relay, failed.");
        Assert.Single(stage.Gateway.Log.Lines, IsComplaint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_caller_that_leaves_its_body_unfinished_after_an_early_response_is_audited_with_its_status(bool isReset)
    {
        await using var api = RawServer.Start(async exchange =>
        {
            await exchange.Reader.ReadSomeAsync(exchange.ServerEnds);
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n");
            await exchange.IsEndedByPeerAsync();
            exchange.Close();
        });
        await using var stage = await StartAsync(api);
        var (user, client) = await CallAsync(stage, "POST", $"Transfer-Encoding: chunked\r\n\r\n{FirstPiece}");
        Assert.Equal("one", (await client.ReadResponseAsync("POST")).BodyText);

        if (isReset) client.Reset();
        await client.DisposeAsync();

        await IsAuditedAsync(stage, user, "POST relay, 200.");
        Assert.DoesNotContain(stage.Gateway.Log.Lines, IsComplaint);
    }

    [Fact]
    public async Task A_caller_that_resets_a_streamed_body_is_audited_as_aborted_without_a_complaint()
    {
        TaskCompletionSource pieceArrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var api = RawServer.Start(async exchange =>
        {
            await exchange.Reader.ReadSomeAsync(exchange.ServerEnds);
            pieceArrived.TrySetResult();
            await exchange.IsEndedByPeerAsync();
            exchange.Close();
        });
        await using var stage = await StartAsync(api);
        var (user, client) = await CallAsync(stage, "POST", $"Transfer-Encoding: chunked\r\n\r\n{FirstPiece}");
        await using var _ = client;
        await pieceArrived.Task.WaitAsync(Limit);

        client.Reset();

        await IsAuditedAsync(stage, user, "POST relay, aborted.");
        Assert.DoesNotContain(stage.Gateway.Log.Lines, IsComplaint);
    }

    [Fact]
    public async Task A_caller_that_leaves_in_the_middle_of_a_response_is_audited_as_aborted_without_a_complaint()
    {
        await using var api = RawServer.Start(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
            await exchange.IsEndedByPeerAsync();
            exchange.Close();
        });
        await using var stage = await StartAsync(api);
        var (user, client) = await CallAsync(stage, "GET", "\r\n");
        await using var _ = client;
        Assert.Equal(200, (await client.ReadHeadAsync()).Status);
        Assert.Equal("0123456789", await client.ReadTextAsync(10));

        client.Reset();

        await IsAuditedAsync(stage, user, "GET relay, aborted.");
        Assert.DoesNotContain(stage.Gateway.Log.Lines, IsComplaint);
    }

    private static Task<Stage> StartAsync(RawServer api) => Stage.StartAsync(("FATHOM_API_URL", $"{api.Address}v1"));

    /// <summary>Begins a request of a new connected user.</summary>
    /// <param name="rest">Further fields, the empty line, and the beginning of the body.</param>
    private static async Task<(string User, RawClient Client)> CallAsync(Stage stage, string method, string rest)
    {
        var user = Fresh.User();
        await stage.LinkAsync(user);
        var client = await RawClient.ConnectAsync(stage.Gateway.Internal);
        await client.SendAsync(
            $"{method} /connections/{user}/fathom/webhooks HTTP/1.1\r\nHost: h\r\n"
                + $"Authorization: Bearer {TestSettings.InternalApiKey}\r\n{rest}");
        return (user, client);
    }

    private static bool IsComplaint(string line) => line.Contains("could not be relayed", StringComparison.Ordinal);

    /// <summary>Waits until the relayed request is audited, and expects this outcome.</summary>
    private static async Task IsAuditedAsync(Stage stage, string user, string words)
    {
        string[] lines = [];
        await Eventually.BecomesTrueAsync(
            () => (lines = [.. stage.Audit(user).Where(line => line.Contains(" relay, ", StringComparison.Ordinal))]).Length > 0,
            Limit,
            "the request is audited");
        Assert.Contains(words, Assert.Single(lines), StringComparison.Ordinal);
    }
}
