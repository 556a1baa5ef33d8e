using FathomGateway.Tests.Connect;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace FathomGateway.Tests.Hosting;

/// <summary>
/// The limits that a running gateway's server has. They are minutes and hours by the machine's clock, so they are read and not waited for.
/// </summary>
public sealed class KestrelLimitsTests(Stage stage) : IClassFixture<Stage>
{
    private KestrelServerLimits Limits => stage.Gateway.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

    [Fact]
    public void An_idle_client_is_kept_for_more_than_an_hour() =>
        Assert.InRange(Limits.KeepAliveTimeout, TimeSpan.FromMinutes(61), TimeSpan.FromHours(2));

    [Fact]
    public void A_request_head_has_a_minute_and_a_body_has_no_limit()
    {
        Assert.Equal(TimeSpan.FromMinutes(1), Limits.RequestHeadersTimeout);
        Assert.Null(Limits.MaxRequestBodySize);
        Assert.Null(Limits.MinRequestBodyDataRate);
        Assert.Null(Limits.MinResponseDataRate);
    }
}
