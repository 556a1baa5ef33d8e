using FathomGateway.Tests.Transparency.Http2;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>
/// The server refuses a line break in a field of HTTP/2, but not in a trailer. A trailer can enter the dynamic table of HPACK, and a later
/// request can name it by its index, as a field of its head.
/// </summary>
public sealed class FieldValueTests
{
    private const string Timeout = "ReverseProxy:Clusters:backend:HttpRequest:ActivityTimeout";
    private const string Version = "ReverseProxy:Clusters:backend:HttpRequest:Version";

    /// <summary>The newest entry of the dynamic table, as an indexed field (RFC 7541, sections 2.3.3 and 6.1).</summary>
    private const byte NewestEntry = 0x80 | 62;

    [Theory]
    [InlineData("x-forwarded-for", "FORWARDED_FOR", "append")]
    [InlineData("x-forwarded-for", "FORWARDED_FOR", "append", "00:01:00")]
    [InlineData("x-forwarded-for", "FORWARDED_FOR", "keep")]
    [InlineData("x-other", "FORWARDED_FOR", "keep")]
    [InlineData("x-other", "FORWARDED_FOR", "keep", "00:01:00")]
    [InlineData("x-other", Version, "2")]
    [InlineData("cookie", "FORWARDED_FOR", "keep")]
    [InlineData("upgrade", "FORWARDED_FOR", "keep")]
    [InlineData("expect", "FORWARDED_FOR", "keep")]
    [InlineData("host", "BACKEND_HOST", "client")]
    [InlineData("host", "BACKEND_HOST", "client", "00:01:00")]
    [InlineData("transfer-encoding", "FORWARDED_FOR", "keep")]
    [InlineData("content-length", "FORWARDED_FOR", "keep")]
    public async Task A_line_break_from_the_dynamic_table_is_refused_and_nothing_is_forwarded_T32(
        string field, string setting, string value, string? timeout = null)
    {
        var pair = await Pair.WithAsync((setting, value), (Timeout, timeout));
        await using var client = await Http2Client.ConnectAsync(pair.Http2);
        await client.SendAsync(new Http2Frame(
            Http2Frame.Headers, Http2Frame.EndHeaders, 1, Hpack.Encode(new Http2Request("POST", "/first", []).AllFields)));
        await client.SendAsync(new Http2Frame(Http2Frame.Data, 0, 1, "body"u8.ToArray()));
        await client.SendAsync(new Http2Frame(Http2Frame.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, 1,
            Hpack.EncodeIntoTable(field, "1\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: h\r\nx: y")));
        // A Host is read where there is no authority.
        var fields = new Http2Request("GET", "/second", []).AllFields.Where(one => field != "host" || one.Key != ":authority");
        if ((await client.ReadResponseAsync(1)).Status == "200")
        {
            await client.SendAsync(new Http2Frame(Http2Frame.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, 3,
                [.. Hpack.Encode(fields), NewestEntry]));

            var response = await client.ReadResponseAsync(3);
            // What is not forwarded in any case may be dropped.
            Assert.True(
                response.Status == "400" || response.ResetBy is not null || field is "upgrade", $"{response.Status} {response.ResetBy}");
        }

        await pair.DisposeAsync();
        Assert.DoesNotContain(pair.Backend.Requests, request =>
            request.Head.Text.Contains("smuggled", StringComparison.Ordinal)
                || request.RawBodyText.Contains("smuggled", StringComparison.Ordinal));
    }
}
