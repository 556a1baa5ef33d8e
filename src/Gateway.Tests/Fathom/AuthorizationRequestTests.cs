using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class AuthorizationRequestTests
{
    private static readonly (string, string?)[] PresetEndpoints =
        [("FATHOM_AUTHORIZE_URL", null), ("FATHOM_TOKEN_URL", null), ("FATHOM_REVOKE_URL", null), ("FATHOM_API_URL", null)];

    [Fact]
    public async Task The_preset_usefathom_has_PKCE_and_no_scope()
    {
        var url = await BeginAsync([.. PresetEndpoints, ("FATHOM_PROVIDER", "usefathom")]);

        AssertCommon(url);
        Assert.Equal("S256", url["code_challenge_method"]);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", url["code_challenge"]);
        Assert.Equal(
            ["client_id", "code_challenge", "code_challenge_method", "redirect_uri", "response_type", "state"],
            url.Parameters.Keys.Order());
    }

    [Fact]
    public async Task The_preset_fathom_video_has_a_scope_and_no_PKCE()
    {
        var url = await BeginAsync([.. PresetEndpoints, ("FATHOM_PROVIDER", "fathom-video")]);

        AssertCommon(url);
        Assert.Equal("public_api", url["scope"]);
        Assert.Equal(["client_id", "redirect_uri", "response_type", "scope", "state"], url.Parameters.Keys.Order());
    }

    [Fact]
    public async Task Usefathom_is_the_preset_when_FATHOM_PROVIDER_is_not_set()
    {
        var unnamed = await BeginAsync(PresetEndpoints);
        var named = await BeginAsync([.. PresetEndpoints, ("FATHOM_PROVIDER", "usefathom")]);

        Assert.Equal(named.Endpoint, unnamed.Endpoint);
        Assert.Equal(named.Parameters.Keys, unnamed.Parameters.Keys);
    }

    [Fact]
    public async Task Each_value_of_a_preset_can_be_overridden_alone()
    {
        var endpoint =
            await BeginAsync([("FATHOM_PROVIDER", "fathom-video"), ("FATHOM_AUTHORIZE_URL", "https://login.example.test/oauth/authorize")]);
        var scope = await BeginAsync([("FATHOM_SCOPE", "read write:all")]);
        var withPkce = await BeginAsync([("FATHOM_PROVIDER", "fathom-video"), ("FATHOM_PKCE", "S256")]);
        var withoutPkce = await BeginAsync([("FATHOM_PROVIDER", "usefathom"), ("FATHOM_PKCE", "off")]);

        Assert.Equal("https://login.example.test/oauth/authorize", endpoint.Endpoint);
        Assert.Equal("public_api", endpoint["scope"]);
        Assert.Equal("read write:all", scope["scope"]);
        Assert.Equal("S256", scope["code_challenge_method"]);
        Assert.Equal("S256", withPkce["code_challenge_method"]);
        Assert.Equal("public_api", withPkce["scope"]);
        Assert.DoesNotContain(withoutPkce.Parameters.Keys, name => name.StartsWith("code_challenge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_query_of_the_authorization_endpoint_is_kept()
    {
        // RFC 6749, section 3.1: the endpoint may have a query, which must be retained.
        var url = await BeginAsync([("FATHOM_AUTHORIZE_URL", "https://login.example.test/authorize?tenant=a%26b")]);

        Assert.Equal("https://login.example.test/authorize", url.Endpoint);
        Assert.Equal("a&b", url["tenant"]);
        Assert.Equal("code", url["response_type"]);
    }

    [Fact]
    public async Task Authorization_request_values_are_encoded_and_decode_to_the_letter()
    {
        const string ClientId = "a b&c=d+e%20/é";
        const string RedirectUri = "https://gateway.example.test:8443/fathom/callback";

        var url = await BeginAsync([("FATHOM_CLIENT_ID", ClientId), ("FATHOM_REDIRECT_URI", RedirectUri)]);

        Assert.Equal(ClientId, url["client_id"]);
        Assert.Equal(RedirectUri, url["redirect_uri"]);
        Assert.DoesNotContain(' ', url.Text);
        Assert.Matches("^[\\x21-\\x7e]+$", url.Text);
    }

    private static void AssertCommon(AuthorizationUrl url)
    {
        Assert.StartsWith("https://", url.Endpoint, StringComparison.Ordinal);
        Assert.Equal("code", url["response_type"]);
        Assert.Equal(TestSettings.ClientId, url["client_id"]);
        Assert.Equal(TestSettings.RedirectUri, url["redirect_uri"]);
        Assert.DoesNotContain(TestSettings.ClientSecret, url.Text, StringComparison.Ordinal);
    }

    private static async Task<AuthorizationUrl> BeginAsync((string, string?)[] changes)
    {
        await using var stage = await Stage.StartAsync(changes);
        return await stage.BeginAsync(Fresh.User());
    }
}
