using System.Security.Cryptography;
using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>
/// Ways in which people set up their users' JWTs wrongly, and the line that names the remedy: of the start, of the doctor, or about a JWT.
/// </summary>
public sealed class WrongJwtSetUpTests
{
    private const string Secret = TestSettings.JwtSecret;
    private const string Ed25519Pem =
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----";

    /// <summary>A setting that keeps the gateway from starting, and the end of its fault.</summary>
    public static TheoryData<string, string, string> Faults => new()
    {
        { "JWT_SOURCE", "x-auth-token",
            "names no place of a JWT: write bearer, header:<name> (such as header:x-auth-token) or cookie:<name>" },
        { "JWT_SOURCE", "header:", "names no place of a JWT" },
        { "JWT_SOURCE", "query:token", "names no place of a JWT" },
        { "JWT_SECRET", PublicPem,
            "holds a public key or a certificate, which others know and could sign with: move it to JWT_PUBLIC_KEY" },
        { "JWT_SECRET", "your-256-bit-secret", "openssl rand -base64 48" },
        { "JWT_PUBLIC_KEY", Ed25519Pem, "is an Ed25519 key: EdDSA is not verified here, so have the issuer sign with ES256 or RS256" },
        { "JWT_PUBLIC_KEY", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "openssl x509 -pubkey" },
        { "JWT_PUBLIC_KEY", PublicPem.Split('\n')[1], "lacks its first and last line" },
        { "JWT_PUBLIC_KEY", "https://issuer.example.test/jwks", "is an address: set JWT_JWKS_URL to it" },
        { "JWT_PUBLIC_KEY", "{\"keys\":[]}", "is JSON: for a key set, set JWT_JWKS_URL to its address" },
        { "JWT_AUTHORITY", "https://issuer.example.test/.well-known/openid-configuration", "leave out /.well-known/openid-configuration" },
    };

    /// <summary>A secret that the gateway starts with and warns of.</summary>
    public static TheoryData<string, string> Warnings => new()
    {
        { $"\"{Secret}\"", "JWT_SECRET begins or ends with a quotation mark. It is used unchanged. If" },
        { $"'{Secret}'", "JWT_SECRET begins or ends with a quotation mark" },
        { $" {Secret}", "JWT_SECRET begins or ends with a blank" },
        { $"{Secret}\t", "JWT_SECRET begins or ends with a blank" },
        { $"{Secret}\n", "JWT_SECRET holds a line break" },
        { $"{Secret}\r\nsecond line", "JWT_SECRET holds a line break" },
        { $"{Secret}\\n", "JWT_SECRET ends with a line break written as \\n" },
        { $"\uFEFF{Secret}", "JWT_SECRET holds an invisible character" },
        { $"{Secret[..9]}\u200B{Secret[9..]}", "JWT_SECRET holds an invisible character" },
    };

    /// <summary>What is served in place of a key set, and what the doctor says of it.</summary>
    public static TheoryData<string, string> KeySets => new()
    {
        { """{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}""",
            "holds Ed25519 keys (kty OKP) alone: EdDSA is not verified here, so have the issuer sign with ES256 or RS256" },
        { """{"7f3b":"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"}""",
            "is a list of X.509 certificates and no JSON Web Key Set" },
        { """{"keys":[{"kty":"EC","crv":"P-256","x5c":["MIIB"]}]}""", "holds X.509 certificates (x5c) alone" },
        { """{"keys":[{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"}]}""",
            "holds shared secrets (kty oct), which must not be public: set JWT_SECRET instead" },
        { """{"keys":[{"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"}]}""", "keys to encrypt with (use enc) alone" },
        { """{"keys":[]}""", "is empty: the issuer signs with none of its keys yet" },
        { """{"issuer":"https://issuer.example.test","jwks_uri":"https://issuer.example.test/jwks"}""",
            "is a discovery document: set JWT_AUTHORITY to its issuer" },
        { """{"kty":"RSA","n":"AQAB","e":"AQAB"}""", "is a single key" },
        { "<!doctype html><title>Sign in</title>", "is no JSON: name the address of a JSON Web Key Set, not of a page" },
        { "[]", "is no JSON Web Key Set" },
    };

    private static readonly string PublicPem = RSA.Create(2048).ExportSubjectPublicKeyInfoPem();

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_start_names_the_remedy_of_a_wrong_JWT_setting(string name, string value, string line)
    {
        var failure = Assert.Throws<SettingsException>(() =>
            Program.Build(TestSettings.Configuration(TestSettings.Embedded((name, value))), logging => logging.ClearProviders()));

        Assert.Contains(line, Assert.Single(failure.Faults, fault => fault.Name == name).Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Warnings))]
    public async Task A_start_warns_of_a_suspicious_JWT_secret_and_uses_it_to_the_letter(string secret, string line)
    {
        using var host = Program.Build(TestSettings.Configuration(TestSettings.Embedded(("JWT_SECRET", secret))), logging =>
            logging.ClearProviders());

        Assert.Contains(host.Services.GetRequiredService<SettingsReader>().Warnings, warning =>
            warning.StartsWith(line, StringComparison.Ordinal));
        Assert.Null((await DoctorJwtTests.ExamineAsync(Jwt.For("ann", secret: secret), ("JWT_SECRET", secret))).Reason);
    }

    [Theory]
    [MemberData(nameof(KeySets))]
    public async Task The_doctor_names_the_defect_of_an_unusable_key_set_and_its_remedy(string document, string line)
    {
        await using var server = new KeyServer { Text = document };
        using var key = RSA.Create(2048);

        await Examination.FindsAsync("users", TestSettings.Embedded(("JWT_SECRET", null), ("JWT_JWKS_URL", server.JwksUrl)),
            HealthStatus.Unhealthy, line, "Correct JWT_JWKS_URL", "Nobody can connect");
        await Examination.FindsAsync("users", TestSettings.Embedded(("JWT_JWKS_URL", server.JwksUrl)), HealthStatus.Unhealthy, line,
            "Users whose JWT it verifies cannot connect");
        Assert.Contains(line, (await DoctorJwtTests.ExamineAsync(Jwt.Rs256("ann", key), ("JWT_JWKS_URL", server.JwksUrl))).Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_JWT_key_sources_that_exclude_each_other_are_told_apart()
    {
        var settings = TestSettings.Embedded(("JWT_AUTHORITY", "https://issuer.example.test"),
            ("JWT_JWKS_URL", "https://issuer.example.test/jwks"));
        var failure = Assert.Throws<SettingsException>(() =>
            Program.Build(TestSettings.Configuration(settings), logging => logging.ClearProviders()));

        Assert.Contains("keep one of the two", Assert.Single(failure.Faults).Remedy, StringComparison.Ordinal);
        await Examination.FindsAsync(
            "users", TestSettings.Embedded(("JWT_JWKS_URL", "http://127.0.0.1:9/jwks"), ("JWT_SOURCE", "cookie:token,bearer")),
                HealthStatus.Unhealthy,
            "looked for in cookie:token, then bearer", "http://127.0.0.1:9/jwks cannot be fetched: check JWT_JWKS_URL");
    }
}
