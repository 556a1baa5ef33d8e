using System.Net;
using System.Security.Cryptography;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class IssuerKeyRolloverTests : IAsyncDisposable
{
    private readonly KeyServer _server = new();
    private readonly RSA _old = RSA.Create(2048);
    private readonly RSA _new = RSA.Create(2048);

    [Fact]
    public async Task The_first_JWT_under_a_new_signing_key_is_accepted_T20()
    {
        await using var stage = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, _old, "old"));

        _server.Keys = [KeyServer.Member("old", _old), KeyServer.Member("new", _new)];

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, _new, "new"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, _old, "old"));
        Assert.Equal(2, _server.KeyRequests);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Ten_thousand_unknown_key_ids_cost_one_fetch_T20()
    {
        await using var stage = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, _old, "old"));
        var before = _server.KeyRequests;
        // The signature is looked at last, so that one will do for all.
        var parts = Jwt.Rs256(Fresh.User(), _new).Split('.');

        await Parallel.ForEachAsync(Enumerable.Range(0, 10_000), async (i, _) =>
        {
            var header = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode($$"""{"alg":"RS256","typ":"JWT","kid":"unknown-{{i}}"}""");
            using var response = await stage.ConnectAsync($"{header}.{parts[1]}.{parts[2]}");
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        });

        Assert.InRange(_server.KeyRequests - before, 0, 1);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, _old, "old"));
    }

    public async ValueTask DisposeAsync()
    {
        _old.Dispose();
        _new.Dispose();
        await _server.DisposeAsync();
    }

    private Task<Stage> StartAsync()
    {
        _server.Keys = [KeyServer.Member("old", _old)];
        return Stage.StartAsync(("JWT_SECRET", null), ("JWT_JWKS_URL", _server.JwksUrl));
    }

    private static async Task<HttpStatusCode> StatusAsync(Stage stage, RSA key, string kid)
    {
        using var response = await stage.ConnectAsync(Jwt.Rs256(Fresh.User(), key, header: $$"""{"kid":"{{kid}}"}"""));
        return response.StatusCode;
    }
}
