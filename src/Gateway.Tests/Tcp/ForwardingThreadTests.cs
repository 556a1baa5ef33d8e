using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tcp;

/// <summary>
/// Which thread a request ends on, by the line that the server logs there: a socket thread where it was forwarded, the thread pool where it
/// was ours.
/// </summary>
public sealed class ForwardingThreadTests(Stage stage) : IClassFixture<Stage>
{
    private const string Ended = "completed keep alive response.";
    private const int Times = 10;

    [Fact]
    public async Task Forwarded_requests_end_on_a_socket_thread()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The socket engine is that of Unix.");
        await using var client = await RawClient.ConnectAsync(stage.Gateway.Public);
        // A connection that is marked, and whose first request has left the thread pool.
        var all = AllEnded;
        await AskAsync(client, "GET /anything HTTP/1.1\r\nHost: h\r\n\r\n");
        await Eventually.BecomesTrueAsync(() => AllEnded > all, TimeSpan.FromSeconds(20), "the first has ended");
        var before = EndedOnSocketThreads;

        // One more than is counted, because the next one may have been read by then.
        for (var i = 0; i <= Times; i++) await AskAsync(client, "GET /anything HTTP/1.1\r\nHost: h\r\n\r\n");

        await Eventually.BecomesTrueAsync(
            () => EndedOnSocketThreads - before >= Times, TimeSpan.FromSeconds(20), "each ends on a socket thread");
    }

    [Theory]
    [InlineData("GET /fathom/connect HTTP/1.1\r\nHost: h\r\n", "\r\n")]
    [InlineData("GET /fathom/callback?code=c&state=s HTTP/1.1\r\nHost: h\r\n", "\r\n")]
    [InlineData("GET /fathom/callback?code=c&state=s HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n", "xy")]
    [InlineData("POST /fathom/connect HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", "0\r\n\r\n")]
    public async Task A_request_of_our_own_never_ends_on_a_socket_thread(params string[] pieces)
    {
        await using var client = await RawClient.ConnectAsync(stage.Gateway.Public);
        var before = AllEnded;
        // A connection that is marked. The server logs a moment after the answer.
        await AskAsync(client, "GET /anything HTTP/1.1\r\nHost: h\r\n\r\n");
        await Eventually.BecomesTrueAsync(() => AllEnded > before, TimeSpan.FromSeconds(20), "the first has ended");
        (before, var onSocketThreads) = (AllEnded, EndedOnSocketThreads);

        for (var i = 0; i < Times; i++) await AskAsync(client, pieces);

        await Eventually.BecomesTrueAsync(() => AllEnded - before >= Times, TimeSpan.FromSeconds(20), "all have ended");
        Assert.Equal(onSocketThreads, EndedOnSocketThreads);
    }

    private int AllEnded => stage.Gateway.Log.Lines.Count(IsEnd);

    private int EndedOnSocketThreads => stage.Gateway.Log.OnSocketThreads.Count(IsEnd);

    private static bool IsEnd(string line) => line.EndsWith(Ended, StringComparison.Ordinal);

    private static async Task AskAsync(RawClient client, params string[] pieces)
    {
        foreach (var piece in pieces)
        {
            await client.SendAsync(piece);
            // Each is to be read by itself. Where two are read at once nothing is proven, and nothing fails.
            if (pieces.Length > 1) await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await client.ReadResponseAsync();
    }
}
