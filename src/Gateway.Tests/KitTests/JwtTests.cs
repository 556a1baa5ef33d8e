using System.Security.Cryptography;
using System.Text;
using FathomGateway.Tests.Kit;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace FathomGateway.Tests.KitTests;

public sealed class JwtTests
{
    private static readonly SymmetricSecurityKey Secret = new(Encoding.UTF8.GetBytes(TestSettings.JwtSecret));

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task A_test_JWT_under_the_secret_is_valid(string algorithm)
    {
        var token = Jwt.For("user-1", header: $$"""{"alg":"{{algorithm}}"}""", secret: new string('s', 64));

        var result = await ValidateAsync(token, new SymmetricSecurityKey(Encoding.UTF8.GetBytes(new string('s', 64))));

        Assert.True(result.IsValid, $"{result.Exception}");
        Assert.Equal("user-1", result.Claims["sub"]);
    }

    [Fact]
    public async Task Asymmetric_test_JWTs_are_valid_under_their_keys()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.True((await ValidateAsync(Jwt.Rs256("user-1", rsa), new RsaSecurityKey(rsa))).IsValid);
        Assert.True((await ValidateAsync(Jwt.Es256("user-1", ec), new ECDsaSecurityKey(ec))).IsValid);
    }

    [Fact]
    public async Task Test_JWTs_of_another_secret_unsigned_or_expired_are_invalid()
    {
        Assert.False((await ValidateAsync(Jwt.For("user-1", secret: new string('x', 32)), Secret)).IsValid);
        Assert.False((await ValidateAsync(Jwt.Unsigned("user-1"), Secret)).IsValid);
        Assert.False((await ValidateAsync(Jwt.For("user-1", payload: """{"exp":1}"""), Secret)).IsValid);
    }

    [Fact]
    public void Overrides_of_a_test_JWT_replace_add_and_remove_members()
    {
        var token = new JsonWebToken(Jwt.For("user-1", payload: """{"sub":null,"userId":7}""", header: """{"kid":"k"}"""));

        Assert.False(token.TryGetClaim("sub", out _));
        Assert.Equal(7, token.GetPayloadValue<int>("userId"));
        Assert.Equal("k", token.Kid);
    }

    private static Task<TokenValidationResult> ValidateAsync(string token, SecurityKey key) => new JsonWebTokenHandler().ValidateTokenAsync(
        token, new TokenValidationParameters { IssuerSigningKey = key, ValidateIssuer = false, ValidateAudience = false });
}
