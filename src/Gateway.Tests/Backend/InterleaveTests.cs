using System.Net;
using FathomGateway.Tcp;
using Xunit;

namespace FathomGateway.Tests.Backend;

/// <summary>The order in which the addresses of a name are tried (RFC 8305, section 4).</summary>
public sealed class InterleaveTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("1.1.1.1", "1.1.1.1")]
    [InlineData("::1", "::1")]
    [InlineData("1.1.1.1 ::1", "::1 1.1.1.1")]
    [InlineData("::1 1.1.1.1", "::1 1.1.1.1")]
    [InlineData("1.1.1.3 1.1.1.1 1.1.1.2", "1.1.1.3 1.1.1.1 1.1.1.2")]
    [InlineData("1.1.1.1 1.1.1.2 ::2 ::1", "::2 1.1.1.1 ::1 1.1.1.2")]
    [InlineData("1.1.1.1 1.1.1.2 1.1.1.3 ::1", "::1 1.1.1.1 1.1.1.2 1.1.1.3")]
    [InlineData("::3 ::2 ::1 1.1.1.1", "::3 1.1.1.1 ::2 ::1")]
    public void Address_families_take_turns_and_each_keeps_the_resolvers_order_B7(string addresses, string expected)
    {
        var parsed = addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToArray();

        Assert.Equal(expected, string.Join(' ', TcpConnector.Interleave(parsed)));
    }
}
