using System.Net;
using FathomGateway.Tests.Transparency.Http2;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>HTTP/2 in front and behind: request and response flow at the same time, and each ends when it does.</summary>
public sealed class Http2FullDuplexTests
{
    [Fact]
    public async Task Each_piece_is_echoed_by_a_backend_of_HTTP_2_while_the_request_is_open()
    {
        await using var backend = await CleartextHttp2Backend.StartAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            await context.Request.Body.CopyToAsync(context.Response.Body);
        });
        var pair = await Pair.WithAsync(backend.Settings);
        using var client = GatewayClientOfHttp2(pair.Http2);
        using var body = new OpenContent();
        using var request = Request(HttpMethod.Post, body);

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var number = 0; number < 10; number++)
        {
            body.Write($"piece {number}\n");
            Assert.Equal($"piece {number}", await reader.ReadLineAsync());
        }

        body.End();
        Assert.Null(await reader.ReadLineAsync());
        await pair.DisposeAsync();
    }

    [Theory]
    [InlineData(413)]
    [InlineData(401)]
    public async Task A_refusal_of_a_backend_of_HTTP_2_arrives_during_the_upload(int status)
    {
        await using var backend = await CleartextHttp2Backend.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        var pair = await Pair.WithAsync(backend.Settings);
        using var client = GatewayClientOfHttp2(pair.Http2);
        using var body = new OpenContent();
        body.Write("the first of many pieces");
        using var request = Request(HttpMethod.Post, body);

        // The body never ends before this has come.
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(status, (int)response.StatusCode);
        body.End();
        await pair.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_gRPC_call_to_a_backend_of_HTTP_2_keeps_its_trailers(bool hasMessage)
    {
        var te = "";
        await using var backend = await CleartextHttp2Backend.StartAsync(async context =>
        {
            te = context.Request.Headers.TE.ToString();
            context.Response.ContentType = "application/grpc";
            if (hasMessage) await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 1, 42 });
            context.Response.AppendTrailer("grpc-status", "7");
            context.Response.AppendTrailer("grpc-message", "not%20you");
        });
        var pair = await Pair.WithAsync(backend.Settings);
        await using var client = await Http2Client.ConnectAsync(pair.Http2);

        var response = await client.ExchangeAsync(new Http2Request(
            "POST", "/pack.Service/Method", [new("content-type", "application/grpc"), new("te", "trailers")], "\0\0\0\0\u0001x"));

        Assert.Equal("200", response.Status);
        Assert.Equal(hasMessage ? "\0\0\0\0\u0001*" : "", response.Body);
        Assert.Equal(["grpc-message: not%20you", "grpc-status: 7"], response.Trailers.Select(line => $"{line.Key}: {line.Value}").Order());
        Assert.Equal("trailers", te);
        await pair.DisposeAsync();
    }

    private static HttpClient GatewayClientOfHttp2(Uri address) => Kit.GatewayClient.For(address);

    private static HttpRequestMessage Request(HttpMethod method, HttpContent content) =>
        new(method, "stream") { Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
}
