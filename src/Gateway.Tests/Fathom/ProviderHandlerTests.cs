using System.Net;
using FathomGateway.Fathom;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class ProviderHandlerTests
{
    [Fact]
    public void A_pooled_provider_connection_lives_five_minutes_and_pins_no_certificate_F24()
    {
        using var handler = FathomFeature.CreateHandler();

        Assert.Equal(TimeSpan.FromMinutes(5), handler.PooledConnectionLifetime);
        Assert.Null(handler.SslOptions.RemoteCertificateValidationCallback);
    }

    [Fact]
    public void The_provider_client_follows_no_redirect_keeps_no_cookie_and_unpacks_nothing_T27()
    {
        using var handler = FathomFeature.CreateHandler();

        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
        Assert.Equal(16, handler.MaxResponseHeadersLength);
    }

    [Fact]
    public void An_idle_provider_connection_is_closed_before_the_provider_closes_it()
    {
        using var handler = FathomFeature.CreateHandler();

        // Node closes after 5 s, and the sweep over idle connections takes up to a second more.
        Assert.InRange(handler.PooledConnectionIdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
    }
}
