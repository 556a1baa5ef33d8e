using System.Net;
using System.Security.Cryptography;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class AuthorityTests : IAsyncDisposable
{
    private readonly KeyServer _server = new();
    private readonly RSA _rsa = RSA.Create(2048);

    [Fact]
    public async Task JWT_AUTHORITY_names_a_discovery_document_that_names_keys_and_issuer()
    {
        _server.Keys = [KeyServer.Member("rsa", _rsa)];
        await using var stage = await StartAsync();
        using var stranger = RSA.Create(2048);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stage, _rsa, _server.Authority));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, stranger, _server.Authority));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stage, _rsa, "https://another.issuer.test"));
    }

    [Fact]
    public async Task An_authority_that_is_down_at_the_start_is_a_503_and_no_401_T20()
    {
        _server.Keys = [KeyServer.Member("rsa", _rsa)];
        _server.IsDown = true;
        await using var stage = await StartAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(stage, _rsa, _server.Authority));

        _server.IsDown = false;
        await Eventually.BecomesTrueAsync(
            async () => await StatusAsync(stage, _rsa, _server.Authority) == HttpStatusCode.OK,
            TimeSpan.FromSeconds(20),
            "the document has been fetched");
    }

    public async ValueTask DisposeAsync()
    {
        _rsa.Dispose();
        await _server.DisposeAsync();
    }

    private static async Task<HttpStatusCode> StatusAsync(Stage stage, RSA key, string issuer)
    {
        using var response = await stage.ConnectAsync(Jwt.Rs256(Fresh.User(), key, $$"""{"iss":"{{issuer}}"}""", """{"kid":"rsa"}"""));
        return response.StatusCode;
    }

    private Task<Stage> StartAsync() => Stage.StartAsync(("JWT_SECRET", null), ("JWT_AUTHORITY", _server.Authority));
}
