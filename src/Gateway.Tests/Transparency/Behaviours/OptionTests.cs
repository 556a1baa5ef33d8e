using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Transparency.Behaviours;

/// <summary>The two options by which an operator has a request changed on purpose.</summary>
public sealed class OptionTests
{
    private const string EdgeFields =
        "CF-Connecting-IP: 1.2.3.4\r\ncf-ray: x\r\nCDN-Loop: cloudflare\r\nTrue-Client-IP: 1.2.3.4\r\nX-CF: kept\r\n";

    [Theory]
    [InlineData("", "127.0.0.1")]
    [InlineData("X-Forwarded-For: 1.2.3.4\r\n", "1.2.3.4, 127.0.0.1")]
    [InlineData("X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2, 3.3.3.3\r\n", "1.1.1.1,2.2.2.2, 3.3.3.3, 127.0.0.1")]
    public async Task The_peers_address_is_appended_by_FORWARDED_FOR_append(string sent, string expected)
    {
        var request = await ForwardedAsync(sent, ("FORWARDED_FOR", "append"));

        Assert.Equal(expected, request.Header("X-Forwarded-For"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2")]
    public async Task No_other_spelling_of_a_stripped_field_passes_for_it(string? version)
    {
        var request = await ForwardedAsync(
            "X_Forwarded_For: 6.6.6.6\r\nx-forwarded_for: 6.6.6.6\r\nX.Forwarded.For: 6.6.6.6\r\nCF_Connecting_IP: 6.6.6.6\r\n"
            + "cf_ray: x\r\nCF.Ray: x\r\nCDN_Loop: cloudflare\r\nTrue_Client_IP: 6.6.6.6\r\nTRUE-CLIENT_IP: 6.6.6.6\r\n"
            + "XForwardedFor: kept\r\nX_CF_Ray: kept\r\nC_F: kept\r\n",
            ("FORWARDED_FOR", "append"), ("STRIP_EDGE_HEADERS", "true"), ("ReverseProxy:Clusters:backend:HttpRequest:Version", version));

        string[] kept = ["C_F", "Host", "X-Forwarded-For", "XForwardedFor", "X_CF_Ray"];
        Assert.Equal(kept, request.Head.Fields.Select(line => line.Key).Order(StringComparer.Ordinal));
        Assert.Equal("127.0.0.1", request.Header("X-Forwarded-For"));
    }

    /// <summary>A backend may merge trailers into the fields of the head (RFC 9110, section 6.5.1).</summary>
    [Fact]
    public async Task A_trailer_does_not_bring_a_stripped_field_back()
    {
        var pair = await Pair.WithAsync(("FORWARDED_FOR", "append"), ("STRIP_EDGE_HEADERS", "true"));
        await RawClient.ExchangeAsync(
            pair.Gateway.Public,
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                + "X-Forwarded-For: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\nCF-Connecting-IP: 6.6.6.6\r\nX-Sum: 1\r\n\r\n");
        await pair.DisposeAsync();

        Assert.Equal("0\r\nX-Sum: 1\r\n\r\n", pair.Backend.Request.RawBodyText);
    }

    [Fact]
    public async Task Other_spellings_of_a_stripped_field_are_kept_if_nothing_is_stripped()
    {
        var request = await ForwardedAsync("X_Forwarded_For: 6.6.6.6\r\nCF_Connecting_IP: 6.6.6.6\r\n");

        Assert.Equal(3, request.Head.Fields.Count);
    }

    [Theory]
    [InlineData("STRIP_EDGE_HEADERS", "true")]
    [InlineData("RENDER", "true")]
    public async Task The_fields_of_the_edge_are_dropped_by_STRIP_EDGE_HEADERS(string name, string value)
    {
        var request = await ForwardedAsync(EdgeFields, (name, value));

        Assert.Equal(["Host", "X-CF"], request.Head.Fields.Select(line => line.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_fields_of_the_edge_are_kept_on_Render_by_STRIP_EDGE_HEADERS_false()
    {
        var request = await ForwardedAsync(EdgeFields, ("RENDER", "true"), ("STRIP_EDGE_HEADERS", "false"));

        Assert.Equal(6, request.Head.Fields.Count);
    }

    private static async Task<WireMessage> ForwardedAsync(string fields, params (string Name, string? Value)[] settings)
    {
        var pair = await Pair.WithAsync(settings);
        await RawClient.ExchangeAsync(pair.Gateway.Public, $"GET / HTTP/1.1\r\nHost: h\r\n{fields}\r\n");
        await pair.DisposeAsync();
        return pair.Backend.Request;
    }
}
