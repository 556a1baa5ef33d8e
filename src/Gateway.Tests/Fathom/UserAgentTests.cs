using FathomGateway.Tests.Cli;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

/// <summary>Firewalls in front of providers and backends answer 403 to requests without a User-Agent.</summary>
public sealed class UserAgentTests : IAsyncLifetime
{
    private readonly RecordingBackend _party = RecordingBackend.Start();

    [Fact]
    public async Task Calls_to_the_provider_name_the_gateway_and_its_version()
    {
        using var clients = new ProviderClients(_party.Address);

        await clients.RefreshAsync();
        await clients.TokenEndpoint.ExchangeAsync("code", codeVerifier: null, CancellationToken.None);
        await clients.Revocation.RevokeRefreshTokenAsync("refresh", CancellationToken.None);

        Assert.Equal(3, _party.Requests.Count);
        Assert.All(_party.Requests, IsNamed);
    }

    [Theory]
    [InlineData("JWT_JWKS_URL", "JWT_SECRET", "users")]
    [InlineData("JWT_AUTHORITY", "JWT_SECRET", "users")]
    [InlineData("VERIFY_USER_URL", null, "users")]
    [InlineData("FATHOM_TOKEN_URL", null, "provider")]
    [InlineData("BACKEND_URL", null, "backend")]
    public async Task Calls_for_keys_and_users_and_of_the_doctor_name_the_gateway_and_its_version(
        string name, string? instead, string check)
    {
        var settings = TestSettings.Embedded((name, $"{_party.Address}route"));
        if (instead is not null) settings[instead] = null;

        await Examination.OfAsync(check, settings);

        Assert.NotEmpty(_party.Requests);
        Assert.All(_party.Requests, IsNamed);
    }

    [Fact]
    public async Task The_relay_keeps_the_callers_User_Agent_and_adds_its_own_if_there_is_none()
    {
        await using var stage = await Stage.StartAsync(("FATHOM_API_URL", $"{_party.Address}api"));
        var user = Fresh.User();
        await stage.LinkAsync(user);

        await stage.Gateway.RawAsync("GET", $"/connections/{user}/fathom/meetings", "User-Agent: fathom-sdk/1 (own)\r\n");
        await stage.Gateway.RawAsync("GET", $"/connections/{user}/fathom/meetings");

        Assert.Equal(2, _party.Requests.Count);
        Assert.Equal("fathom-sdk/1 (own)", _party.Requests[0].Header("User-Agent"));
        IsNamed(_party.Requests[1]);
    }

    [Fact]
    public async Task A_proxied_request_without_a_User_Agent_gets_none()
    {
        await using var stage = await Stage.StartAsync(("BACKEND_URL", $"{_party.Address}"));

        await RawClient.ExchangeAsync(stage.Gateway.Public, "GET /any HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        Assert.Null(Assert.Single(_party.Requests, request => request.Head.Target == "/any").Header("User-Agent"));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _party.DisposeAsync();

    private static void IsNamed(WireMessage request)
    {
        var version = typeof(Program).Assembly.GetName().Version!.ToString(3);
        Assert.Equal($"FathomGateway/{version}", request.Header("User-Agent"));
    }
}
