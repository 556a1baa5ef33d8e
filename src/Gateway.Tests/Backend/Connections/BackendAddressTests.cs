using System.Net.Sockets;
using System.Security.Authentication;
using FathomGateway.Backend;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>Parsing of an address, and the kind of a failure to connect to it.</summary>
public sealed class BackendAddressTests
{
    [Theory]
    [InlineData("http://api.example.com", false, "api.example.com", 80, "api.example.com", "")]
    [InlineData("https://api.example.com:443/", true, "api.example.com", 443, "api.example.com", "")]
    [InlineData("http://api.example.com:443/", false, "api.example.com", 443, "api.example.com:443", "")]
    [InlineData("http://127.0.0.1:8080/base/", false, "127.0.0.1", 8080, "127.0.0.1:8080", "/base")]
    [InlineData("http://[::1]:8080/a/b", false, "::1", 8080, "[::1]:8080", "/a/b")]
    [InlineData("https://[::1]/", true, "::1", 443, "[::1]", "")]
    [InlineData("http://b\u00fccher.example/", false, "xn--bcher-kva.example", 80, "xn--bcher-kva.example", "")]
    public void An_address_is_scheme_host_port_and_path_B6(
        string address, bool isTls, string host, int port, string authority, string basePath)
    {
        var read = new BackendAddress(new Uri(address));

        Assert.Equal((isTls, host, port, authority, basePath), (read.IsTls, read.Host, read.Port, read.Authority, read.BasePath));
    }

    [Fact]
    public void A_failure_to_connect_is_classified_and_its_message_repeats_no_detail_B7()
    {
        (Exception Failure, BackendFailure Expected)[] all =
        [
            (new SocketException((int)SocketError.HostNotFound), BackendFailure.Name),
            (new SocketException((int)SocketError.TryAgain), BackendFailure.Name),
            (new SocketException((int)SocketError.ConnectionRefused), BackendFailure.Connect),
            (new OperationCanceledException("secret"), BackendFailure.ConnectTimeout),
            (new AuthenticationException("secret"), BackendFailure.Tls),
            (new IOException("secret"), BackendFailure.Connect),
        ];

        Assert.All(all, one =>
        {
            var failure = BackendException.OfConnect(one.Failure);
            Assert.Equal(one.Expected, failure.Failure);
            Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        });
    }
}
