using System.Net;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Tls;

/// <summary>
/// .NET would fetch a certificate that a server has not sent from an address that the server names: a handshake would wait for a third
/// party.
/// </summary>
public sealed class CertificateDownloadTests
{
    [Fact]
    public async Task No_certificate_is_downloaded_for_an_incomplete_chain_of_the_backend_F24()
    {
        await using var server = new IncompleteServer(asPostgres: false);
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("BACKEND_URL", $"https://{server.Authority}")));

        using var answer = await gateway.Client.GetAsync("anything");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        AssertNothingFetched(server);
    }

    [Fact]
    public async Task No_certificate_is_downloaded_for_an_incomplete_chain_of_the_provider_F24()
    {
        await using var server = new IncompleteServer(asPostgres: false);
        await using var stage = await Stage.StartAsync(("FATHOM_TOKEN_URL", $"https://{server.Authority}/token"));

        Assert.Equal(
            CallbackRedirect.Failure("provider_unavailable"), await stage.LandAsync(await stage.StateAsync(Fresh.User()), Fresh.Code()));
        AssertNothingFetched(server);
    }

    [Theory]
    [InlineData("JWT_JWKS_URL", "JWT_SECRET")]
    [InlineData("VERIFY_USER_URL", null)]
    public async Task No_certificate_is_downloaded_for_an_incomplete_chain_of_the_user_endpoints_F24(string name, string? instead)
    {
        await using var server = new IncompleteServer(asPostgres: false);
        var settings = TestSettings.Embedded((name, $"https://{server.Authority}/users"));
        if (instead is not null) settings[instead] = null;
        await using var gateway = await GatewayUnderTest.StartAsync(settings);
        using var request = new HttpRequestMessage(HttpMethod.Get, "fathom/connect");
        request.Headers.Authorization = new("Bearer", instead is null ? Jwt.For(Fresh.User()) : Jwt.ByUnknownKey(Fresh.User()));

        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        AssertNothingFetched(server);
    }

    [Fact]
    public async Task No_certificate_is_downloaded_for_an_incomplete_chain_of_Redis_F24()
    {
        await using var server = new IncompleteServer(asPostgres: false);
        await using var gateway = await GatewayUnderTest.StartAsync(TestSettings.Embedded(("REDIS_URL", $"rediss://{server.Authority}")));

        await Eventually.BecomesTrueAsync(() => server.Handshakes > 1, TimeSpan.FromSeconds(60), "Redis is tried again");
        AssertNothingFetched(server);
    }

    [Theory]
    [InlineData("require")]
    [InlineData("verify-full")]
    public async Task No_certificate_is_downloaded_for_an_incomplete_chain_of_PostgreSQL_F24(string mode)
    {
        await using var server = new IncompleteServer(asPostgres: true);
        await using var gateway = await GatewayUnderTest.StartAsync(
            TestSettings.OnRealStores("redis://127.0.0.1:9", $"postgresql://u:p@{server.Authority}/d?sslmode={mode}"));

        await Eventually.BecomesTrueAsync(() => server.Handshakes > 1, TimeSpan.FromSeconds(60), "PostgreSQL is tried again");
        AssertNothingFetched(server);
    }

    private static void AssertNothingFetched(IncompleteServer server)
    {
        Assert.NotEqual(0, server.Handshakes);
        Assert.Equal(0, server.Downloads);
    }
}
