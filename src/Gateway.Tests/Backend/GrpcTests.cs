using System.Buffers.Binary;
using System.Globalization;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;
using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>gRPC as it is on the wire (messages behind five bytes, the status in trailers), where yarp.json asks for HTTP/2.</summary>
public sealed class GrpcTests
{
    private const int PrefixLength = 5;

    private static readonly KeyValuePair<string, string>[] Fields = [new("content-type", "application/grpc"), new("te", "trailers")];

    /// <summary>Each message is answered by one with the same text in capitals; the trailers count them.</summary>
    private const string NodeServer = """
        import http2 from 'node:http2';
        http2.createServer().on('stream', (stream, headers) => {
          stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
          let rest = Buffer.alloc(0), count = 0;
          stream.on('data', (bytes) => {
            rest = Buffer.concat([rest, bytes]);
            while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
              const end = 5 + rest.readUInt32BE(1);
              const text = Buffer.from(rest.subarray(5, end).toString('latin1').toUpperCase(), 'latin1');
              const prefix = Buffer.alloc(5);
              prefix.writeUInt32BE(text.length, 1);
              stream.write(Buffer.concat([prefix, text]));
              rest = rest.subarray(end);
              count++;
            }
          });
          stream.on('end', () => stream.end());
          stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'grpc-message': `${count} of ${headers[':path']}` }));
        }).listen(port, '127.0.0.1');
        """;

    [Fact]
    public async Task A_unary_gRPC_call_returns_its_message_and_its_status_B6()
    {
        await using var server = await ServerProgram.NodeAsync(NodeServer);
        var pair = await Pair.WithAsync(SettingsFor(server));
        await using var client = await Http2Client.ConnectAsync(pair.Http2);

        var response = await client.ExchangeAsync(new Http2Request("POST", "/pack.Service/Unary", Fields, Message("hello")));

        Assert.Equal(("200", Message("HELLO")), (response.Status, response.Body));
        Assert.Equal(
            ["grpc-message: 1 of /pack.Service/Unary", "grpc-status: 0"],
            response.Trailers.Select(line => $"{line.Key}: {line.Value}").Order());
        await pair.DisposeAsync();
    }

    [Fact]
    public async Task A_gRPC_call_that_streams_both_ways_is_answered_message_by_message_B1()
    {
        await using var server = await ServerProgram.NodeAsync(NodeServer);
        var pair = await Pair.WithAsync(SettingsFor(server));
        using var client = GatewayClient.For(pair.Http2);
        using var body = new OpenContent();
        body.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        using var request = Upload.Http2Post(body);
        request.Headers.TryAddWithoutValidation("TE", "trailers");

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var answers = await response.Content.ReadAsStreamAsync();
        for (var number = 0; number < 20; number++)
        {
            // The next message is written only after the answer to this one has been read.
            body.Write(Message($"message {number}"));
            Assert.Equal($"MESSAGE {number}", await ReadMessageAsync(answers));
        }

        body.End();
        Assert.Equal(0, await answers.ReadAsync(new byte[1]));
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.Equal("20 of /upload", response.TrailingHeaders.GetValues("grpc-message").Single());
        await pair.DisposeAsync();
    }

    /// <summary>Many calls at once share a connection to the backend, and none waits for another.</summary>
    [Fact]
    public async Task Concurrent_gRPC_calls_keep_their_messages_and_trailers_B6()
    {
        await using var server = await ServerProgram.NodeAsync(NodeServer);
        var pair = await Pair.WithAsync(SettingsFor(server));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async number =>
        {
            await using var client = await Http2Client.ConnectAsync(pair.Http2);
            var path = $"/pack.Service/{number.ToString(CultureInfo.InvariantCulture)}";
            var response = await client.ExchangeAsync(new Http2Request("POST", path, Fields, Message("a") + Message("b")));
            Assert.Equal(Message("A") + Message("B"), response.Body);
            Assert.Contains(response.Trailers, line => line.Key == "grpc-message" && line.Value == $"2 of {path}");
        }));
        await pair.DisposeAsync();
    }

    private static (string Name, string? Value)[] SettingsFor(ServerProgram server) =>
    [
        ("BACKEND_URL", $"{server.Address}"),
        ("ReverseProxy:Clusters:backend:HttpRequest:Version", "2"),
        ("ReverseProxy:Clusters:backend:HttpRequest:VersionPolicy", "RequestVersionExact"),
    ];

    private static string Message(string text)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], text.Length);
        return System.Text.Encoding.Latin1.GetString(prefix) + text;
    }

    private static async Task<string> ReadMessageAsync(Stream stream)
    {
        var prefix = new byte[PrefixLength];
        await stream.ReadExactlyAsync(prefix);
        var text = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await stream.ReadExactlyAsync(text);
        return System.Text.Encoding.Latin1.GetString(text);
    }
}
