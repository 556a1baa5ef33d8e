using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>
/// The pseudo-fields of HTTP/2 become the request line and <c>Host</c> of HTTP/1.1. What would end one of them is refused, and so are
/// fields that HTTP/2 does not have.
/// </summary>
public sealed class PseudoFieldTests
{
    private const string Smuggled = "\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: h\r\nx: ";

    private static readonly string[] Ends = ["\r\nx: y", Smuggled, "\n", "\r", "\0", " ", "\t", "\u0001", "\u007f", "\u00e9", " HTTP/1.1"];

    [Theory]
    [InlineData(null)]
    [InlineData("00:01:00")]
    public async Task A_pseudo_field_that_HTTP_1_1_cannot_carry_is_refused_T32(string? timeout)
    {
        var pair = await Pair.WithAsync(
            ("BACKEND_HOST", "client"), ("ReverseProxy:Clusters:backend:HttpRequest:ActivityTimeout", timeout));
        foreach (var (name, value) in Ends.SelectMany(Fields))
        {
            await using var client = await Http2Client.ConnectAsync(pair.Http2);
            var fields = new Http2Request("GET", "/a", []).AllFields.Select(field => field.Key == name ? new(name, value) : field);
            await client.SendAsync(
                new Http2Frame(Http2Frame.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, 1, Hpack.Encode(fields)));

            var response = await client.ReadResponseAsync(1);

            Assert.True(
                response.Status == "400" || response.ResetBy is not null, $"{name} {Uri.EscapeDataString(value)}: {response.Status}");
        }

        await pair.DisposeAsync();
        Assert.Empty(pair.Backend.Requests);
        Assert.Equal(0, pair.Backend.Connections);
    }

    [Theory]
    [InlineData("transfer-encoding", "chunked", null)]
    [InlineData("transfer-encoding", "gzip", null)]
    [InlineData("transfer-encoding", "chunked", "00:01:00")]
    [InlineData("connection", "close", null)]
    [InlineData("te", "gzip", null)]
    public async Task A_field_that_HTTP_2_does_not_have_is_refused_T32(string name, string value, string? timeout)
    {
        var pair = await Pair.WithAsync(("ReverseProxy:Clusters:backend:HttpRequest:ActivityTimeout", timeout));
        await using var client = await Http2Client.ConnectAsync(pair.Http2);

        var response = await client.ExchangeAsync(new Http2Request("POST", "/", [new(name, value)], "body"));

        await pair.DisposeAsync();
        Assert.True(response.Status == "400" || response.ResetBy is not null, response.Status);
        Assert.Empty(pair.Backend.Requests);
    }

    private static IEnumerable<(string Name, string Value)> Fields(string end) =>
    [
        (":method", $"GET{end}"), (":path", $"/a{end}"), (":path", $"/a?b{end}c"), (":authority", $"h{end}"), (":scheme", $"http{end}"),
    ];
}
