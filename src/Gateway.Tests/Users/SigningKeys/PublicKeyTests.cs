using System.Net;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class PublicKeyTests : IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData(@"\n")]
    [InlineData(@"\r\n")]
    public async Task RS256_is_verified_by_a_PEM_however_its_lines_are_broken(string lineBreak)
    {
        using var other = RSA.Create(2048);
        await using var stage = await StartAsync(_rsa.ExportSubjectPublicKeyInfoPem().Replace("\n", lineBreak, StringComparison.Ordinal));

        using var right = await stage.ConnectAsync(Jwt.Rs256(Fresh.User(), _rsa));
        using var wrong = await stage.ConnectAsync(Jwt.Rs256(Fresh.User(), other));

        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        await Refusal.IsUnauthorizedAsync(wrong);
    }

    [Fact]
    public async Task RS256_is_verified_by_a_PKCS1_PEM()
    {
        await using var stage = await StartAsync(_rsa.ExportRSAPublicKeyPem());

        using var right = await stage.ConnectAsync(Jwt.Rs256(Fresh.User(), _rsa));

        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData(@"\n")]
    public async Task ES256_is_verified_by_a_PEM_however_its_lines_are_broken(string lineBreak)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var stage = await StartAsync(_ec.ExportSubjectPublicKeyInfoPem().Replace("\n", lineBreak, StringComparison.Ordinal));

        using var right = await stage.ConnectAsync(Jwt.Es256(Fresh.User(), _ec));
        using var wrong = await stage.ConnectAsync(Jwt.Es256(Fresh.User(), other));
        using var confused = await stage.ConnectAsync(Jwt.Rs256(Fresh.User(), _rsa));

        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        await Refusal.IsUnauthorizedAsync(wrong);
        await Refusal.IsUnauthorizedAsync(confused);
    }

    [Fact]
    public async Task A_public_key_is_not_accepted_as_a_shared_secret_T15()
    {
        var pem = _rsa.ExportSubjectPublicKeyInfoPem();
        await using var stage = await StartAsync(pem);
        byte[][] secrets =
        [
            Encoding.UTF8.GetBytes(pem), Encoding.UTF8.GetBytes(pem + "\n"),
            Encoding.UTF8.GetBytes(pem.Replace("\n", "\\n", StringComparison.Ordinal)),
            _rsa.ExportSubjectPublicKeyInfo(), _rsa.ExportRSAPublicKey(), [],
        ];

        foreach (var secret in secrets)
        {
            using var response = await stage.ConnectAsync(Jwt.Hmac("""{"alg":"HS256"}""", """{"sub":"u","exp":4102444800}""", secret));
            await Refusal.IsUnauthorizedAsync(response);
        }

        await Refusal.IsUnauthorizedAsync(await stage.ConnectAsync(Jwt.Unsigned(Fresh.User())));
    }

    [Fact]
    public async Task The_rules_for_lifetime_and_user_also_hold_for_asymmetric_JWTs()
    {
        await using var stage = await StartAsync(_rsa.ExportSubjectPublicKeyInfoPem());

        foreach (var payload in new[] { """{"exp":null}""", """{"exp":1}""", """{"sub":""}""" })
        {
            await Refusal.IsUnauthorizedAsync(await stage.ConnectAsync(Jwt.Rs256(Fresh.User(), _rsa, payload)));
        }

        await Refusal.IsUnauthorizedAsync(await stage.ConnectAsync(Jwt.Rs256(Fresh.User(), _rsa, header: """{"crit":["x"],"x":1}""")));
    }

    public void Dispose()
    {
        _rsa.Dispose();
        _ec.Dispose();
    }

    private static Task<Stage> StartAsync(string pem) => Stage.StartAsync(("JWT_SECRET", null), ("JWT_PUBLIC_KEY", pem));
}
