using System.Net;
using FathomGateway.Fathom.TokenEndpoint;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class RefreshRequestTests : IDisposable
{
    private const string RefreshToken = "r/e+f=r&e s%20h~";
    private readonly ScriptedProvider _provider = ScriptedProvider.Start();

    [Fact]
    public async Task A_refresh_is_the_form_of_RFC_6749_and_nothing_else()
    {
        using var clients = Clients(("FATHOM_CLIENT_AUTH", "post"), ("FATHOM_SCOPE", "a-scope"));

        var granted = Assert.IsType<TokenResult.Granted>(await clients.RefreshAsync(RefreshToken));

        var request = Assert.Single(_provider.TokenRequests);
        Assert.Equal("POST", request.Method);
        Assert.StartsWith("application/x-www-form-urlencoded", request.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", request.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        // Section 6: a scope that is left out is that of the old token; one that is sent may not be wider.
        Assert.Equal(["client_id", "client_secret", "grant_type", "refresh_token"], request.Form.Keys.Order());
        Assert.Equal(("refresh_token", RefreshToken), (request.GrantType, request.RefreshToken));
        Assert.Equal((TestSettings.ClientId, TestSettings.ClientSecret), (request.Field("client_id"), request.Field("client_secret")));
        Assert.Equal(("access-1", "refresh-1"), (granted.Tokens.AccessToken, granted.Tokens.RefreshToken));
    }

    [Fact]
    public async Task FATHOM_CLIENT_AUTH_basic_puts_the_credentials_of_a_refresh_into_the_header_alone()
    {
        using var clients = Clients(("FATHOM_CLIENT_AUTH", "basic"));

        await clients.RefreshAsync();

        var request = Assert.Single(_provider.TokenRequests);
        var (user, password) = request.BasicCredentials!.Value;
        Assert.Equal((TestSettings.ClientId, TestSettings.ClientSecret), (WebUtility.UrlDecode(user), WebUtility.UrlDecode(password)));
        Assert.Equal(["grant_type", "refresh_token"], request.Form.Keys.Order());
    }

    public void Dispose() => _provider.Dispose();

    private ProviderClients Clients(params (string, string?)[] changes) => new(new Uri($"{_provider.Server.Url}/"), changes);
}
