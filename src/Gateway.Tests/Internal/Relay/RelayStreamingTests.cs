using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Internal;

public sealed class RelayStreamingTests
{
    [Fact]
    public async Task A_relayed_request_and_its_response_flow_piece_by_piece()
    {
        var (pieceArrived, pieceRead) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var api = RawServer.Start(async exchange =>
        {
            await ReadUntilAsync(() => exchange.Reader.ReadSomeAsync(exchange.ServerEnds), "abc");
            pieceArrived.SetResult();
            await ReadUntilAsync(() => exchange.Reader.ReadSomeAsync(exchange.ServerEnds), "def\r\n0\r\n\r\n");
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
            await pieceRead.Task.WaitAsync(exchange.ServerEnds);
            await exchange.SendAsync("3\r\ntwo\r\n0\r\n\r\n");
            exchange.Close();
        });
        await using var stage = await Stage.StartAsync(("FATHOM_API_URL", $"{api.Address}v1"));
        var user = Fresh.User();
        await stage.LinkAsync(user);
        await using var client = await RawClient.ConnectAsync(stage.Gateway.Internal);

        await client.SendAsync(
            $"POST /connections/{user}/fathom/webhooks HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TestSettings.InternalApiKey}\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        await pieceArrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await client.SendAsync("3\r\ndef\r\n0\r\n\r\n");

        Assert.Equal(200, (await client.ReadHeadAsync()).Status);
        await ReadUntilAsync(client.ReadSomeAsync, "one");
        pieceRead.SetResult();
        await ReadUntilAsync(client.ReadSomeAsync, "two");
    }

    [Fact]
    public async Task An_early_answer_of_the_API_ends_before_the_body_of_the_relays_caller()
    {
        var answerRead = new TaskCompletionSource();
        await using var api = RawServer.Start(async exchange =>
        {
            await ReadUntilAsync(() => exchange.Reader.ReadSomeAsync(exchange.ServerEnds), "abc");
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n");
            await answerRead.Task.WaitAsync(exchange.ServerEnds);
            exchange.Close();
        });
        await using var stage = await Stage.StartAsync(("FATHOM_API_URL", $"{api.Address}v1"));
        var user = Fresh.User();
        await stage.LinkAsync(user);
        await using var client = await RawClient.ConnectAsync(stage.Gateway.Internal);

        await client.SendAsync(
            $"POST /connections/{user}/fathom/webhooks HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TestSettings.InternalApiKey}\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        var answer = await client.ReadResponseAsync("POST");
        answerRead.SetResult();

        Assert.Equal((200, "one"), (answer.Status, answer.BodyText));
    }

    private static async Task ReadUntilAsync(Func<Task<byte[]>> readAsync, string text)
    {
        for (var read = ""; !read.Contains(text, StringComparison.Ordinal);)
        {
            var piece = await readAsync();
            Assert.NotEmpty(piece);
            read += Encoding.Latin1.GetString(piece);
        }
    }
}
