using System.Net;
using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>After a 101 the body of the response is the connection.</summary>
public sealed class Http11UpgradeTests
{
    private const string Switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _end = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upgraded_stream_carries_bytes_both_ways_and_those_that_came_with_the_101_B9()
    {
        await using var stage = new HandlerStage(async exchange =>
        {
            await exchange.SendAsync($"{Switching}first");
            while (await exchange.ReadSomeAsync() is { Length: > 0 } some) await exchange.SendAsync(some);
            exchange.Close();
        });
        using var response = await UpgradeAsync(stage);
        await using var stream = await response.Content.ReadAsStreamAsync(_end);

        Assert.Equal("first", await ReadAsync(stream, 5));
        for (var i = 0; i < 3; i++)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"piece {i}"), _end);
            await stream.FlushAsync(_end);
            Assert.Equal($"piece {i}", await ReadAsync(stream, 7));
        }
    }

    [Fact]
    public async Task Bytes_written_after_the_server_has_finished_sending_arrive_B9()
    {
        var arrived = new TaskCompletionSource<string>();
        await using var stage = new HandlerStage(async exchange =>
        {
            await exchange.SendAsync($"{Switching}all");
            exchange.FinishSending();
            arrived.SetResult(Encoding.ASCII.GetString(await exchange.ReadSomeAsync()));
            exchange.Close();
        });
        using var response = await UpgradeAsync(stage);
        await using var stream = await response.Content.ReadAsStreamAsync(_end);
        Assert.Equal("all", await ReadAsync(stream, 3));
        Assert.Equal(0, await stream.ReadAsync(new byte[1], _end));
        Assert.Equal(0, await stream.ReadAsync(new byte[1], _end));

        await stream.WriteAsync("late"u8.ToArray(), _end);

        Assert.Equal("late", await arrived.Task.WaitAsync(Limit, _end));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disposed_upgraded_stream_ends_the_connection_B9(bool afterTheServersEnd)
    {
        var ended = new TaskCompletionSource();
        await using var stage = new HandlerStage(async exchange =>
        {
            await exchange.SendAsync(Switching);
            if (afterTheServersEnd) exchange.FinishSending();
            await exchange.IsEndedByPeerAsync();
            ended.SetResult();
            exchange.Close();
        });
        var response = await UpgradeAsync(stage);
        var stream = await response.Content.ReadAsStreamAsync(_end);
        if (afterTheServersEnd) Assert.Equal(0, await stream.ReadAsync(new byte[1], _end));

        response.Dispose();

        await ended.Task.WaitAsync(Limit, _end);
    }

    [Fact]
    public async Task A_response_that_declines_an_upgrade_is_an_ordinary_response_B9()
    {
        await using var stage = new HandlerStage(RawResponse.Verbatim("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno"));
        for (var i = 0; i < 2; i++)
        {
            using var response = await UpgradeAsync(stage, HttpStatusCode.UpgradeRequired);
            Assert.Equal("no", await response.Content.ReadAsStringAsync(_end));
        }

        Assert.Equal(1, stage.Server.Connections);
    }

    private static async Task<HttpResponseMessage> UpgradeAsync(
        HandlerStage stage, HttpStatusCode expected = HttpStatusCode.SwitchingProtocols)
    {
        using var request = stage.Request();
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("echo");
        var response = await stage.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
        return response;
    }

    private static async Task<string> ReadAsync(Stream stream, int length)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, limit.Token);
        return Encoding.ASCII.GetString(bytes);
    }
}
