using FathomGateway.Proxy;
using Xunit;

namespace FathomGateway.Tests.Proxy;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a%2Fb/../c?x=%41|{}", "/a%2Fb/../c?x=%41|{}")]
    [InlineData("//evil.example.test/a", "//evil.example.test/a")]
    [InlineData("http://any.example.test", "/")]
    [InlineData("http://any.example.test?x=1", "/?x=1")]
    [InlineData("http://any.example.test/a/../b%2Fc?y", "/a/../b%2Fc?y")]
    [InlineData("https://user@any.example.test:8080/@x", "/@x")]
    public void A_request_target_is_kept_to_the_letter_and_a_foreign_authority_is_dropped(string raw, string expected) =>
        Assert.Equal(expected, RequestTarget.OriginForm(raw));

    [Theory]
    [InlineData("OPTIONS", "*", "*")]
    [InlineData("OPTIONS", "http://any.example.test", "*")]
    [InlineData("OPTIONS", "HTTPS://any.example.test:8443", "*")]
    [InlineData("OPTIONS", "http://any.example.test/", "/")]
    [InlineData("OPTIONS", "http://any.example.test?", "/?")]
    [InlineData("OPTIONS", "http://any.example.test?x=1", "/?x=1")]
    [InlineData("OPTIONS", "/", "/")]
    [InlineData("options", "http://any.example.test", "/")]
    [InlineData("GET", "http://any.example.test", "/")]
    [InlineData("GET", "*", null)]
    [InlineData("options", "*", null)]
    [InlineData("OPTIONS", "any.example.test:443", null)]
    [InlineData("OPTIONS", "http://any.example.test\r\n", null)]
    public void OPTIONS_without_a_path_gets_the_target_asterisk(string method, string raw, string? expected) =>
        Assert.Equal(expected, RequestTarget.Forwarded(method, raw));

    [Theory]
    [InlineData("*")]
    [InlineData("any.example.test:443")]
    [InlineData("")]
    public void A_request_target_that_is_no_address_is_refused(string raw) => Assert.Null(RequestTarget.OriginForm(raw));

    [Fact]
    public void Every_character_outside_visible_ASCII_in_a_request_target_is_refused()
    {
        for (var code = 0; code <= 0x2FF; code++)
        {
            var expected = code is >= '!' and <= '~';
            Assert.Equal(expected, RequestTarget.OriginForm($"/a{(char)code}b") is not null);
        }
    }
}
