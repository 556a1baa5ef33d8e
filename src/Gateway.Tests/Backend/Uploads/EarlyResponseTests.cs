using System.Security.Cryptography;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>An answer that begins before its request has ended, and goes on, ends or breaks off.</summary>
public sealed class EarlyResponseTests
{
    private const int Large = 10_000_000;

    [Fact]
    public async Task A_large_answer_comes_whole_while_the_upload_never_ends_B1()
    {
        var answer = RandomNumberGenerator.GetBytes(Large);
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {answer.Length}\r\n\r\n");
            await exchange.SendAsync(answer);
            await exchange.IsEndedByPeerAsync();
        });
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Upload.Head(chunked: true, 0) + "4\r\nhalf\r\n");

        var response = await client.ReadResponseAsync("POST");

        Assert.True(answer.AsSpan().SequenceEqual(response.Body));
    }

    [Fact]
    public async Task A_long_poll_begins_to_answer_while_its_request_is_still_open_B1()
    {
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n");
            await exchange.ReadRequestAsync();
            await exchange.SendAsync("3\r\nend\r\n0\r\n\r\n");
        });
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Upload.Head(chunked: false, 8) + "half");

        Assert.Equal(200, (await client.ReadHeadAsync()).Status);
        Assert.Contains("begin", await client.ReadTextAsync(1), StringComparison.Ordinal);
        await client.SendAsync("half");
        Assert.Contains("end", await client.ReadTextAsync(1), StringComparison.Ordinal);
    }

    /// <summary>A backend that breaks off its answer has not completed it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_early_answer_that_breaks_off_is_never_ended_cleanly_B1_B5(bool reset)
    {
        await using var proxied = await ProxiedBackend.StartAsync(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin");
            await exchange.ReadSomeAsync();
            if (reset) exchange.Reset();
            else exchange.Close();
        });
        await using var client = await RawClient.ConnectAsync(proxied.Http11);
        await client.SendAsync(Upload.Head(chunked: false, Large) + "half");

        var head = await client.ReadHeadAsync();
        if (head.Status == 502)
        {
            // It broke off before the head went on.
            Assert.NotNull(head.Value("X-Gateway-Error"));
            return;
        }

        Assert.Equal(200, head.Status);
        Assert.InRange((await client.ReadToEndAsync()).Text.Length, 0, 99);
    }
}
