using System.Security.Cryptography;
using System.Text.Json;
using FathomGateway.Tests.Kit;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Tests.Users;

/// <summary>An identity provider as far as a gateway sees one: a discovery document and a set of public keys.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private readonly RawServer _server;
    private int _keyRequests;

    public KeyServer() => _server = RawServer.Start(AnswerAsync);

    /// <summary>While true, every connection is reset.</summary>
    public bool IsDown { get; set; }

    /// <summary>What the answer with the set waits for.</summary>
    public Task Ready { get; set; } = Task.CompletedTask;

    /// <summary>The members of the set that is served, as JSON.</summary>
    public IReadOnlyList<object> Keys { get; set; } = [];

    /// <summary>What is served in place of the set, as it stands.</summary>
    public string? Text { get; set; }

    /// <summary>What the discovery document calls the issuer; its own address where null.</summary>
    public string? Issuer { get; set; }

    public string Authority => $"{_server.Address}".TrimEnd('/');

    public string JwksUrl => $"{_server.Address}jwks";

    public int KeyRequests => _keyRequests;

    public static object Member(string kid, RSA key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new
        {
            kty = "RSA",
            use = "sig",
            alg = "RS256",
            kid,
            n = Base64UrlEncoder.Encode(
            parameters.Modulus),
            e = Base64UrlEncoder.Encode(parameters.Exponent)
        };
    }

    public static object Member(string kid, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new
        {
            kty = "EC",
            use = "sig",
            crv = "P-256",
            kid,
            x = Base64UrlEncoder.Encode(
            point.X),
            y = Base64UrlEncoder.Encode(point.Y)
        };
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(RawExchange exchange)
    {
        if (IsDown)
        {
            await RawResponse.ResetBeforeHeaders(exchange);
            return;
        }

        if (exchange.Head.Target == "/jwks") await Ready;
        await RawResponse.Json(Text ?? JsonSerializer.Serialize(Document(exchange.Head.Target)))(exchange);
    }

    private object Document(string target)
    {
        if (target.EndsWith("/.well-known/openid-configuration", StringComparison.Ordinal))
        {
            return new
            {
                issuer = Issuer ?? Authority,
                jwks_uri = JwksUrl,
                authorization_endpoint = $"{Authority}/authorize",
                token_endpoint = $"{Authority}/token",
            };
        }

        Interlocked.Increment(ref _keyRequests);
        return new { keys = Keys };
    }
}
