using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Fathom;

public sealed class TokenRequestTests
{
    private const string AwkwardSecret = "p:w é&+%=/\"";

    [Fact]
    public async Task The_token_endpoint_gets_the_form_of_RFC_6749_and_nothing_else()
    {
        await using var stage =
            await Stage.StartAsync(("FATHOM_CLIENT_AUTH", "post"), ("FATHOM_PKCE", "S256"), ("FATHOM_CLIENT_SECRET", AwkwardSecret));
        const string Code = "a/code+with=all&sorts of%20letters~";
        var begun = await stage.BeginAsync(Fresh.User());

        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(begun["state"], Code));

        var request = Assert.Single(stage.Provider.TokenRequests);
        Assert.Equal("POST", request.Method);
        Assert.StartsWith("application/x-www-form-urlencoded", request.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("application/json", request.Headers["Accept"], StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", request.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain("Cookie", request.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(["client_id", "client_secret", "code", "code_verifier", "grant_type", "redirect_uri"], request.Form.Keys.Order());
        Assert.Equal("authorization_code", request.GrantType);
        Assert.Equal(Code, request.Code);
        Assert.Equal(begun["redirect_uri"], request.Field("redirect_uri"));
        Assert.Equal(TestSettings.ClientId, request.Field("client_id"));
        Assert.Equal(AwkwardSecret, request.Field("client_secret"));
        Assert.Matches("^[A-Za-z0-9._~-]{43,128}$", request.Field("code_verifier"));
        Assert.Equal(
            begun["code_challenge"], Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(request.Field("code_verifier")))));
    }

    [Fact]
    public async Task FATHOM_CLIENT_AUTH_basic_puts_the_credentials_of_an_exchange_into_the_header_alone()
    {
        await using var stage = await Stage.StartAsync(
            ("FATHOM_CLIENT_AUTH", "basic"), ("FATHOM_CLIENT_ID", "id:with é"), ("FATHOM_CLIENT_SECRET", AwkwardSecret));

        await stage.LinkAsync(Fresh.User());

        var request = Assert.Single(stage.Provider.TokenRequests);
        var (user, password) = request.BasicCredentials!.Value;
        Assert.Equal("id:with é", WebUtility.UrlDecode(user));
        Assert.Equal(AwkwardSecret, WebUtility.UrlDecode(password));
        Assert.DoesNotContain("client_secret", request.Form.Keys);
    }

    [Fact]
    public async Task A_token_request_has_no_verifier_when_PKCE_is_off()
    {
        await using var stage = await Stage.StartAsync(("FATHOM_PKCE", "off"));

        await stage.LinkAsync(Fresh.User());

        Assert.DoesNotContain("code_verifier", Assert.Single(stage.Provider.TokenRequests).Form.Keys);
    }

    [Fact]
    public async Task Every_authorization_request_has_a_verifier_of_its_own()
    {
        await using var stage = await Stage.StartAsync();
        var user = Fresh.User();

        await stage.LinkAsync(user);
        await stage.LinkAsync(user);

        Assert.Equal(2, stage.Provider.TokenRequests.Select(request => request.Field("code_verifier")).Distinct().Count());
    }
}
