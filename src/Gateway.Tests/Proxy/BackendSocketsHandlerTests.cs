using System.Net;
using FathomGateway.Proxy.Clients;
using Xunit;

namespace FathomGateway.Tests.Proxy;

/// <summary>
/// .NET's client, which speaks HTTP/2 to the backend. Its clock is the machine's, so its limits are read and not waited for.
/// </summary>
public sealed class BackendSocketsHandlerTests : IDisposable
{
    private readonly SocketsHttpHandler _handler = new();

    public BackendSocketsHandlerTests() => BackendSocketsHandler.Configure(_handler);

    [Fact]
    public void No_HTTP_2_connection_to_the_backend_is_kept_for_ever_B7_B10()
    {
        Assert.Equal(TimeSpan.FromMinutes(5), _handler.PooledConnectionLifetime);
        // Node closes after 5 s, and the sweep over idle connections takes up to a second more.
        Assert.InRange(_handler.PooledConnectionIdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void The_HTTP_2_client_uses_no_proxy_follows_no_redirect_keeps_no_cookie_unpacks_nothing()
    {
        Assert.False(_handler.UseProxy);
        Assert.False(_handler.AllowAutoRedirect);
        Assert.False(_handler.UseCookies);
        Assert.Equal(DecompressionMethods.None, _handler.AutomaticDecompression);
    }

    public void Dispose() => _handler.Dispose();
}
