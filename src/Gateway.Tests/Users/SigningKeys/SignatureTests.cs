using System.Net;
using System.Text;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class SignatureTests(Stage stage) : IClassFixture<Stage>
{
    public static TheoryData<string, string> Forged()
    {
        var valid = Jwt.For("forged-user");
        var parts = valid.Split('.');
        var admin = Base64UrlEncoder.Encode("""{"sub":"admin","exp":4102444800}""");
        return new TheoryData<string, string>
        {
            { "another secret", Jwt.For("forged-user", secret: TestSettings.JwtSecret + "x") },
            { "the secret in other case", Jwt.For("forged-user", secret: TestSettings.JwtSecret.ToUpperInvariant()) },
            { "an empty secret", Jwt.For("forged-user", secret: "") },
            { "another payload", $"{parts[0]}.{admin}.{parts[2]}" },
            { "no signature", $"{parts[0]}.{parts[1]}." },
            { "two parts", $"{parts[0]}.{parts[1]}" },
            { "a fourth part", $"{valid}.{parts[2]}" },
            { "half a signature", valid[..^20] },
            { "no payload", $"{parts[0]}..{parts[2]}" },
            { "a payload that is no JSON", Signed.Exactly("forged") },
            { "a payload that is an array", Signed.Exactly("[]") },
        };
    }

    [Theory]
    [MemberData(nameof(Forged))]
    public async Task A_forged_JWT_is_refused_T15(string what, string token)
    {
        using var response = await stage.ConnectAsync(token);

        Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, what);
        await Refusal.IsUnauthorizedAsync(response);
    }

    [Fact]
    public async Task A_JWT_with_any_changed_character_of_its_signature_is_refused_T15()
    {
        var valid = Jwt.For(Fresh.User());
        var signature = valid.LastIndexOf('.') + 1;

        for (var position = signature; position < valid.Length; position++)
        {
            // Two steps up the alphabet: the last character's lowest two bits stand for nothing, and a decoder may overlook them.
            var changed = $"{valid[..position]}{(valid[position] < 'T' ? 'z' : 'A')}{valid[(position + 1)..]}";
            using var response = await stage.ConnectAsync(changed);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"Position {position - signature}");
        }

        using var untouched = await stage.ConnectAsync(valid);
        Assert.Equal(HttpStatusCode.OK, untouched.StatusCode);
    }

    [Fact]
    public async Task A_JWT_secret_is_the_bytes_of_its_UTF_8()
    {
        const string Secret = "sécret-ü-日本-of-more-than-thirty-two-bytes";
        await using var other = await Stage.StartAsync(("JWT_SECRET", Secret));
        var header = """{"alg":"HS256","typ":"JWT"}""";
        var payload = """{"sub":"u","exp":4102444800}""";

        using var utf8 = await other.ConnectAsync(Jwt.Hmac(header, payload, Encoding.UTF8.GetBytes(Secret)));
        using var latin1 = await other.ConnectAsync(Jwt.Hmac(header, payload, Encoding.Latin1.GetBytes(Secret)));

        Assert.Equal(HttpStatusCode.OK, utf8.StatusCode);
        await Refusal.IsUnauthorizedAsync(latin1);
    }
}
