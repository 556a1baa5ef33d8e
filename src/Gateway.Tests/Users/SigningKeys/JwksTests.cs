using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class JwksTests : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    private readonly KeyServer _server = new();
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public async Task Keys_of_a_key_set_verify_JWTs_of_their_own_kind_T20()
    {
        _server.Keys = [KeyServer.Member("rsa", _rsa), KeyServer.Member("ec", _ec)];
        await using var stage = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa, header: """{"kid":"rsa"}""")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Es256(Fresh.User(), _ec, header: """{"kid":"ec"}""")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa, header: """{"kid":"ec"}""")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.Unsigned(Fresh.User(), header: """{"kid":"rsa"}""")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.For(Fresh.User(), header: """{"kid":"rsa"}""")));
    }

    [Fact]
    public async Task Keys_given_as_certificates_or_beside_unknown_kinds_verify_JWTs()
    {
        var request = new CertificateRequest("CN=issuer", _rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _server.Keys =
        [
            new { kty = "RSA", use = "sig", kid = "rsa", x5c = new[] { Convert.ToBase64String(certificate.RawData) } },
            new { kty = "OKP", crv = "Ed25519", kid = "ed", x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
            KeyServer.Member("ec", _ec),
        ];
        await using var stage = await StartAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa, header: """{"kid":"rsa"}""")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Es256(Fresh.User(), _ec, header: """{"kid":"ec"}""")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa, header: """{"kid":"ec"}""")));
    }

    [Fact]
    public async Task Many_unknown_key_ids_are_refused_and_hardly_reach_the_key_server_T20()
    {
        _server.Keys = [KeyServer.Member("rsa", _rsa)];
        await using var stage = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa, header: """{"kid":"rsa"}""")));
        using var stranger = RSA.Create(2048);

        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                await StatusAsync(stage, Jwt.Rs256(Fresh.User(), stranger, header: $$"""{"kid":"unknown-{{i}}"}""")));
        }

        Assert.InRange(_server.KeyRequests, 1, 3);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa, header: """{"kid":"rsa"}""")));
    }

    [Fact]
    public async Task A_rotated_signing_key_is_fetched_by_itself_T20()
    {
        _server.Keys = [KeyServer.Member("old", _rsa)];
        await using var stage = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa, header: """{"kid":"old"}""")));
        using var next = RSA.Create(2048);

        _server.Keys = [KeyServer.Member("new", next)];

        await Eventually.BecomesTrueAsync(
            async () => await StatusAsync(stage, Jwt.Rs256(Fresh.User(), next, header: """{"kid":"new"}""")) == HttpStatusCode.OK,
            MaxWait,
            "the new key is known");
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Known_keys_keep_verifying_while_the_key_server_is_down_T20()
    {
        _server.Keys = [KeyServer.Member("rsa", _rsa)];
        await using var stage = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa, header: """{"kid":"rsa"}""")));

        using var stranger = RSA.Create(2048);

        _server.IsDown = true;

        Assert.Equal(
            HttpStatusCode.Unauthorized, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), stranger, header: """{"kid":"unknown"}""")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa, header: """{"kid":"rsa"}""")));
    }

    [Fact]
    public async Task A_key_server_that_is_down_at_the_start_is_a_503_and_no_401_T20()
    {
        _server.Keys = [KeyServer.Member("rsa", _rsa)];
        _server.IsDown = true;
        await using var stage = await StartAsync();

        using (var response =
            await stage.ConnectAsync(Jwt.Rs256(Fresh.User(), _rsa, header: """{"kid":"rsa"}"""), origin: TestSettings.FrontendUrl))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Refusal.AsksToRetry(response);
            await Refusal.IsProblemAsync(response);
            Assert.Equal([TestSettings.FrontendUrl], response.Headers.GetValues("Access-Control-Allow-Origin"));
        }

        _server.IsDown = false;
        await Eventually.BecomesTrueAsync(
            async () => await StatusAsync(stage, Jwt.Rs256(Fresh.User(), _rsa, header: """{"kid":"rsa"}""")) == HttpStatusCode.OK,
            MaxWait,
            "the keys have been fetched");
    }

    public async ValueTask DisposeAsync()
    {
        _rsa.Dispose();
        _ec.Dispose();
        await _server.DisposeAsync();
    }

    private static async Task<HttpStatusCode> StatusAsync(Stage stage, string token)
    {
        using var response = await stage.ConnectAsync(token);
        return response.StatusCode;
    }

    private Task<Stage> StartAsync() => Stage.StartAsync(("JWT_SECRET", null), ("JWT_JWKS_URL", _server.JwksUrl));
}
