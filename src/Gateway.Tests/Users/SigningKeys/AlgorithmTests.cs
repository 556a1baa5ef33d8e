using System.Net;
using System.Security.Cryptography;
using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class AlgorithmTests(Stage stage) : IClassFixture<Stage>
{
    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("")]
    public async Task A_JWT_without_an_algorithm_is_refused_signed_or_not_T15(string algorithm)
    {
        var header = $$"""{"alg":"{{algorithm}}"}""";

        using var unsigned = await stage.ConnectAsync(Jwt.Unsigned(Fresh.User(), header: header));
        using var signed = await stage.ConnectAsync(Jwt.For(Fresh.User(), header: header));

        await Refusal.IsUnauthorizedAsync(unsigned);
        await Refusal.IsUnauthorizedAsync(signed);
    }

    [Theory]
    [InlineData("""{"alg":"EdDSA"}""")]
    [InlineData("""{"alg":"HS1"}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("""{"alg":256}""")]
    [InlineData("""{"crit":["exp"]}""")]
    [InlineData("""{"crit":["https://example.test/unknown"],"https://example.test/unknown":true}""")]
    [InlineData("""{"crit":[]}""")]
    [InlineData("""{"b64":false,"crit":["b64"]}""")]
    public async Task A_JWT_with_a_wrong_header_is_refused_under_the_right_secret_T15(string header)
    {
        using var response = await stage.ConnectAsync(Jwt.For(Fresh.User(), header: header));

        await Refusal.IsUnauthorizedAsync(response);
    }

    [Theory]
    [InlineData("""{"typ":null}""")]
    [InlineData("""{"typ":"at+jwt"}""")]
    [InlineData("""{"kid":"../../../../dev/null"}""")]
    [InlineData("""{"kid":"' OR 1=1 --"}""")]
    [InlineData("""{"jku":"http://127.0.0.1:9/jwks","x5u":"http://127.0.0.1:9/x"}""")]
    public async Task Key_hints_in_a_JWT_header_are_ignored_T15(string header)
    {
        using var right = await stage.ConnectAsync(Jwt.For(Fresh.User(), header: header));
        using var wrong = await stage.ConnectAsync(Jwt.For(Fresh.User(), secret: new string('x', 40), header: header));

        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        await Refusal.IsUnauthorizedAsync(wrong);
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task A_JWT_secret_verifies_each_HMAC_whatever_its_length_T15(string algorithm)
    {
        foreach (var length in (int[])[32, 47, 63, 64, 65, 127, 128, 129, 200])
        {
            var secret = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
            await using var other = await Stage.StartAsync(("JWT_SECRET", secret));

            using var right = await other.ConnectAsync(Jwt.For(Fresh.User(), secret, header: $$"""{"alg":"{{algorithm}}"}"""));
            using var wrong = await other.ConnectAsync(Jwt.For(Fresh.User(), secret + "x", header: $$"""{"alg":"{{algorithm}}"}"""));

            Assert.True(right.StatusCode == HttpStatusCode.OK, $"{algorithm} under {length} bytes");
            await Refusal.IsUnauthorizedAsync(wrong);
        }
    }

    [Fact]
    public async Task A_key_inside_a_JWT_header_is_not_used_T15()
    {
        var own = Encoding.UTF8.GetBytes(new string('k', 40));
        var header = $$"""{"alg":"HS256","jwk":{"kty":"oct","k":"{{Convert.ToBase64String(own).TrimEnd('=')}}" } }""";

        using var response = await stage.ConnectAsync(Jwt.Hmac(header, """{"sub":"u","exp":4102444800}""", own));

        await Refusal.IsUnauthorizedAsync(response);
    }

    [Fact]
    public async Task Asymmetric_JWTs_are_refused_when_a_shared_secret_is_configured_T15()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        using var rs256 = await stage.ConnectAsync(Jwt.Rs256(Fresh.User(), rsa));
        using var es256 = await stage.ConnectAsync(Jwt.Es256(Fresh.User(), ec));

        await Refusal.IsUnauthorizedAsync(rs256);
        await Refusal.IsUnauthorizedAsync(es256);
    }
}
