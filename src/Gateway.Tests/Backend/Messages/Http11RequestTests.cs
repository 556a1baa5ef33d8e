using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Messages of .NET as they are written to a connection of HTTP/1.1.</summary>
public sealed class Http11RequestTests
{
    private readonly CancellationToken _end = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_message_is_written_with_its_target_fields_and_body_B6()
    {
        WireMessage? seen = null;
        await using var stage = new HandlerStage(async exchange =>
        {
            seen = await exchange.ReadRequestAsync();
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes("hello")) { Headers = { { "Content-Type", "text/x" } } };
        using var request = stage.Request("PATCH", "a?b=%20", content);
        Assert.True(request.Headers.TryAddWithoutValidation("X-A", ["1", "2, 3"]));
        request.Headers.Host = "other.example";

        using var response = await stage.SendAsync(request, _end);

        Assert.Equal("PATCH /a?b=%20 HTTP/1.1", seen!.Head.StartLine);
        string[] fields = ["Host=other.example", "X-A=1", "X-A=2, 3", "Content-Type=text/x", "Content-Length=5"];
        Assert.Equal(fields, seen.Head.Fields.Select(one => $"{one.Key}={one.Value}"));
        Assert.Equal("hello", seen.BodyText);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_body_of_any_size_arrives_with_its_length_or_in_chunks_B6(bool hasLength)
    {
        var bytes = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, 100_000)));
        WireMessage? seen = null;
        await using var stage = new HandlerStage(async exchange =>
        {
            seen = await exchange.ReadRequestAsync();
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });

        for (var i = 0; i < 2; i++)
        {
            var streamed = new CallbackContent(stream => stream.WriteAsync(bytes).AsTask());
            await stage.GetAsync("", "POST", hasLength ? new ByteArrayContent(bytes) : streamed);
            Assert.Equal(bytes, seen!.Body);
        }

        Assert.Equal(hasLength ? $"{bytes.Length}" : null, seen!.Header("Content-Length"));
        Assert.Equal(hasLength ? null : "chunked", seen.Header("Transfer-Encoding"));
        Assert.Equal(1, stage.Server.Connections);
    }

    [Fact]
    public async Task A_request_field_with_a_line_break_is_not_sent_B6()
    {
        await using var stage = new HandlerStage(ProxiedBackend.EchoOfTheTarget);
        using var request = stage.Request();
        request.Headers.TryAddWithoutValidation("X-A", "1\r\nX-B: 2");

        await Assert.ThrowsAsync<HttpRequestException>(() => stage.SendAsync(request, _end));

        Assert.Equal(0, stage.Server.Requests);
    }
}
