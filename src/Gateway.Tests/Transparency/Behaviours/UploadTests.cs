using System.Security.Cryptography;
using System.Text;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>Bodies of any size, at any pace, piece by piece.</summary>
public sealed class UploadTests : IAsyncLifetime
{
    private const int Large = 40_000_000;

    private readonly Pair _pair = new();

    public ValueTask InitializeAsync() => _pair.InitializeAsync();

    [Fact]
    public async Task Forty_megabytes_arrive_as_they_were_both_ways_F21()
    {
        var sent = RandomNumberGenerator.GetBytes(Large);
        _pair.Backend.Answers(async (request, exchange) =>
        {
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {request.Body.Length}\r\n\r\n");
            await exchange.SendAsync(request.Body);
        });

        using var response = await _pair.Gateway.Client.PostAsync("upload", new ByteArrayContent(sent));
        var received = await response.Content.ReadAsByteArrayAsync();

        Assert.True(sent.AsSpan().SequenceEqual(_pair.Backend.Request.Body));
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Theory]
    [InlineData("Content-Length: 8", "half", "half", "2")]
    [InlineData("Content-Length: 8", "half", "half", "1.1")]
    [InlineData("Transfer-Encoding: chunked", "4\r\nhalf\r\n", "4\r\nhalf\r\n0\r\n\r\n", "2")]
    [InlineData("Transfer-Encoding: chunked", "4\r\nhalf\r\n", "4\r\nhalf\r\n0\r\n\r\n", "1.1")]
    public async Task A_piece_of_an_upload_does_not_wait_for_the_next(string framing, string first, string second, string highestVersion)
    {
        var pair = await Pair.WithAsync(("ReverseProxy:Clusters:backend:HttpRequest:Version", highestVersion));
        var pieceSeen = new TaskCompletionSource();
        pair.Backend.AnswersBeforeTheBody(async exchange =>
        {
            var got = "";
            while (!got.Contains("half", StringComparison.Ordinal))
                got += Encoding.Latin1.GetString(await exchange.Reader.ReadSomeAsync(exchange.ServerEnds));
            pieceSeen.SetResult();
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            while (got.Split("half").Length < 3) got += Encoding.Latin1.GetString(await exchange.Reader.ReadSomeAsync(exchange.ServerEnds));
            exchange.Close();
        });
        await using var client = await RawClient.ConnectAsync(pair.Gateway.Public);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: h\r\n{framing}\r\n\r\n{first}");

        // The client sends the rest only after the backend has seen the first piece.
        await pieceSeen.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await client.SendAsync(second);
        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        await pair.DisposeAsync();
    }

    [Fact]
    public async Task A_resumed_upload_keeps_its_offset()
    {
        await RawClient.ExchangeAsync(
            _pair.Gateway.Public,
            "PATCH /files/1 HTTP/1.1\r\nHost: h\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 5\r\n"
                + "Content-Type: application/offset+octet-stream\r\nContent-Length: 3\r\n\r\n\0\u00ffx");

        var request = _pair.Backend.Request;
        Assert.Equal("PATCH", request.Head.Method);
        Assert.Equal("5", request.Header("Upload-Offset"));
        Assert.Equal([0, 255, (byte)'x'], request.Body);
    }

    /// <summary>So a pause of nine seconds, or of nine hours, is no reason to cut an upload or a download.</summary>
    [Fact]
    public void No_limit_of_size_or_pace_is_set_on_a_body()
    {
        var limits = _pair.Gateway.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Null(limits.MaxRequestBodySize);
        Assert.Null(limits.MinRequestBodyDataRate);
        Assert.Null(limits.MinResponseDataRate);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();
}
