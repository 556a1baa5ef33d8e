using System.Net;
using FathomGateway.Fathom;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class ProviderHandlerTests
{
    [Fact]
    public void A_pooled_connection_is_replaced_after_five_minutes_and_pins_nothing_F24()
    {
        using var handler = FathomFeature.CreateHandler();

        Assert.Equal(TimeSpan.FromMinutes(5), handler.PooledConnectionLifetime);
        Assert.Null(handler.ConnectCallback);
        Assert.Null(handler.SslOptions.RemoteCertificateValidationCallback);
    }

    [Fact]
    public void Nothing_is_followed_kept_or_unpacked_T27()
    {
        using var handler = FathomFeature.CreateHandler();

        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
        Assert.Equal(16, handler.MaxResponseHeadersLength);
    }

    [Fact]
    public void An_idle_connection_is_closed_before_the_provider_does_it()
    {
        using var handler = FathomFeature.CreateHandler();

        // Node closes after 5 s, and the sweep over idle connections takes up to a second more.
        Assert.InRange(handler.PooledConnectionIdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
    }
}
