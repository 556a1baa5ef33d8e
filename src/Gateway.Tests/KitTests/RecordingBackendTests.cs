using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class RecordingBackendTests
{
    [Fact]
    public async Task A_recording_backend_keeps_every_byte_of_a_request()
    {
        await using var backend = RecordingBackend.Start();
        const string Head =
            "POST /A%2f//b?x=%zz HTTP/1.1\r\nhOsT:  h \r\nX-Twice: 1\r\nx-twice: 2\r\nX-Odd: \u00e9\r\nContent-Length: 4\r\n\r\n";

        var response = await RawClient.ExchangeAsync(backend.Address, Head + "\0\u00ff\r\n");

        Assert.Equal(Head, backend.Request.Head.Text);
        Assert.Equal("/A%2f//b?x=%zz", backend.Request.Head.Target);
        Assert.Equal(["1", "2"], backend.Request.Head.All("X-Twice"));
        Assert.Equal([0, 255, 13, 10], backend.Request.Body);
        Assert.Equal("backend", response.BodyText);
    }

    [Fact]
    public async Task A_recording_backend_keeps_a_chunked_request_with_and_without_its_framing()
    {
        await using var backend = RecordingBackend.Start();
        const string Body = "3;why=not\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\n";

        await RawClient.ExchangeAsync(backend.Address, "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + Body);

        Assert.Equal("abc0123456789", backend.Request.BodyText);
        Assert.Equal(Body, backend.Request.RawBodyText);
    }

    [Fact]
    public async Task A_recording_backend_tells_two_requests_on_one_connection_apart()
    {
        await using var backend = RecordingBackend.Start();
        backend.Answers(request => Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{request.Head.Target}"));
        await using var client = await RawClient.ConnectAsync(backend.Address);

        // Both in one segment: the second must not be swallowed with the first.
        await client.SendAsync("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\naGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal("/1", (await client.ReadResponseAsync()).BodyText);
        Assert.Equal("/2", (await client.ReadResponseAsync()).BodyText);
        Assert.Equal(1, backend.Connections);
    }
}
