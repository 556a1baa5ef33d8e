using System.Net;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

/// <summary>Two kinds of keys at once: the backend moves from a shared secret to key pairs, or from one key to an issuer's.</summary>
public sealed class JwtKeyCombinationTests : IAsyncDisposable
{
    private readonly KeyServer _server = new();
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _other = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Theory]
    [InlineData("JWT_JWKS_URL")]
    [InlineData("JWT_AUTHORITY")]
    [InlineData("JWT_PUBLIC_KEY")]
    public async Task A_JWT_secret_beside_other_keys_verifies_its_own_family_and_they_theirs_T15(string setting)
    {
        _server.Keys = [KeyServer.Member("rsa", _rsa), KeyServer.Member("ec", _ec)];
        await using var stage = await StartAsync(setting);
        var issuer = $$"""{"iss":"{{_server.Authority}}"}""";

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.For(Fresh.User())));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.For(Fresh.User(), header: """{"kid":"rsa"}""")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa, issuer)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _other, issuer)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.For(Fresh.User(), secret: new string('x', 40))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.Unsigned(Fresh.User())));
        // The public keys, in every form in which they are known, as a shared secret.
        byte[][] known = [Encoding.UTF8.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem()), _rsa.ExportSubjectPublicKeyInfo(),
            _rsa.ExportParameters(false).Modulus!, []];
        foreach (var secret in known)
        {
            foreach (var header in (string[])["""{"alg":"HS256"}""", """{"alg":"HS256","kid":"rsa"}"""])
            {
                Assert.Equal(HttpStatusCode.Unauthorized,
                    await StatusAsync(stage, Jwt.Hmac(header, """{"sub":"u","exp":4102444800}""", secret)));
            }
        }
    }

    [Fact]
    public async Task A_shared_secret_in_a_fetched_key_set_is_not_used_T15()
    {
        var own = Encoding.UTF8.GetBytes(new string('k', 20) + "own-secret-of-an-attacker");
        _server.Keys = [KeyServer.Member("rsa", _rsa),
            new { kty = "oct", use = "sig", alg = "HS256", kid = "oct", k = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(own) }];
        await using var stage = await StartAsync("JWT_JWKS_URL");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa)));
        foreach (var header in (string[])["""{"alg":"HS256"}""", """{"alg":"HS256","kid":"oct"}"""])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.Hmac(header, """{"sub":"u","exp":4102444800}""", own)));
        }
    }

    [Fact]
    public async Task A_configured_key_keeps_verifying_while_the_others_cannot_be_fetched_T20()
    {
        _server.IsDown = true;
        _server.Keys = [KeyServer.Member("ec", _ec)];
        await using var stage = await Stage.StartAsync(("JWT_JWKS_URL", _server.JwksUrl),
            ("JWT_PUBLIC_KEY", _rsa.ExportSubjectPublicKeyInfoPem()));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.For(Fresh.User())));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.For(Fresh.User(), secret: new string('x', 40))));
        Assert.Equal(0, _server.KeyRequests);
        // A user whose token may be valid is not asked to sign in again.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(stage, Jwt.Es256(Fresh.User(), _ec, header: """{"kid":"ec"}""")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _other)));

        _server.IsDown = false;
        await Eventually.BecomesTrueAsync(
            async () => await StatusAsync(stage, Jwt.Es256(Fresh.User(), _ec, header: """{"kid":"ec"}""")) == HttpStatusCode.OK,
                TimeSpan.FromSeconds(20), "the keys have been fetched");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _other)));
    }

    [Fact]
    public async Task An_authority_names_the_issuer_of_its_own_tokens_and_JWT_ISSUER_that_of_all()
    {
        _server.Keys = [KeyServer.Member("rsa", _rsa)];
        await using (var stage = await Stage.StartAsync(("JWT_AUTHORITY", _server.Authority)))
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.For(Fresh.User())));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa)));
        }

        await using var strict = await Stage.StartAsync(("JWT_AUTHORITY", _server.Authority), ("JWT_ISSUER", "https://one.test"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(strict, Jwt.For(Fresh.User())));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(strict, Jwt.For(Fresh.User(), payload: """{"iss":"https://one.test"}""")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(strict, Jwt.Rs256(Fresh.User(), _rsa, """{"iss":"https://one.test"}""")));
    }

    public async ValueTask DisposeAsync()
    {
        _rsa.Dispose();
        _other.Dispose();
        _ec.Dispose();
        await _server.DisposeAsync();
    }

    private static async Task<HttpStatusCode> StatusAsync(Stage stage, string token)
    {
        using var response = await stage.ConnectAsync(token);
        return response.StatusCode;
    }

    private Task<Stage> StartAsync(string setting) => Stage.StartAsync((setting, setting switch
    {
        "JWT_JWKS_URL" => _server.JwksUrl,
        "JWT_AUTHORITY" => _server.Authority,
        _ => _rsa.ExportSubjectPublicKeyInfoPem(),
    }));
}
