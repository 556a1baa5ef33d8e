using System.Security.Cryptography;
using System.Text.Json;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace FathomGateway.Tests.Users;

/// <summary>Users of each of these issuers can connect with only the settings of its row in docs/settings.md.</summary>
public sealed class IssuerTests : IAsyncDisposable
{
    private readonly KeyServer _server = new();
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static TheoryData<string> Rows => [.. Issuers.All.Select(one => one.Row)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Users_of_a_documented_issuer_connect_by_its_settings_and_others_do_not(string row)
    {
        var issuer = Issuers.All.Single(one => one.Row == row);
        _server.Keys = [KeyServer.Member("rsa", _rsa), KeyServer.Member("ec", _ec),
            new { kty = "RSA", use = "enc", kid = "enc", n = "AQAB", e = "AQAB" }];
        var settings = issuer.Settings(_server);
        var name = settings.FirstOrDefault(one => one.Name is "JWT_ISSUER" or "JWT_AUTHORITY").Value ?? "";
        _server.Issuer = name;
        await using var stage = await Stage.StartAsync(settings);

        Assert.True(settings.Length > 1, "a row of settings");
        foreach (var token in issuer.Tokens)
        {
            var user = Fresh.User();
            var connect = await AskAsync(stage, issuer, Issuer.Sign(token, user, name, "", _rsa, _ec));
            Assert.True(connect.Status == 200, $"{token.Algorithm}: {stage.Gateway.Log}");
            using var answer = JsonDocument.Parse(connect.BodyText);
            var query = QueryHelpers.ParseQuery(new Uri(answer.RootElement.GetProperty("url").GetString()!).Query);
            Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(query["state"].Single()!, Fresh.Code()));
            Assert.NotNull(await stage.ConnectionAsync(user));

            Assert.Equal(401, (await AskAsync(stage, issuer, Issuer.Sign(token, user, name, issuer.Foreign, _rsa, _ec))).Status);
            using var stranger = RSA.Create(2048);
            using var strange = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            if (token.Algorithm == "HS256") continue;
            Assert.Equal(401, (await AskAsync(stage, issuer, Issuer.Sign(token, user, name, "", stranger, strange))).Status);
        }
    }

    [Fact]
    public void Nine_issuers_have_a_row_and_Supabase_has_three() => Assert.Equal(11, Issuers.All.Select(one => one.Row).Distinct().Count());

    /// <summary>Supabase's anon key is a JWT under the same secret, without a user.</summary>
    [Fact]
    public async Task The_public_anon_key_of_Supabase_is_no_user()
    {
        var issuer = Issuers.All.Single(one => one.Row == "Supabase, legacy secret");
        await using var stage = await Stage.StartAsync(issuer.Settings(_server));

        var answer = await AskAsync(stage, issuer, Jwt.For("", payload: """{"sub":null,"iss":"supabase","ref":"project","role":"anon"}"""));

        Assert.Equal(401, answer.Status);
    }

    /// <summary>What better-auth signs with unless it is told otherwise.</summary>
    [Fact]
    public async Task A_JWT_signed_with_EdDSA_is_named_in_the_refusal()
    {
        var issuer = Issuers.All.Single(one => one.Row == "better-auth");
        _server.Keys = [new { kty = "OKP", crv = "Ed25519", kid = "ed", x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }];
        await using var stage = await Stage.StartAsync(issuer.Settings(_server));

        var answer = await AskAsync(stage, issuer,
            Jwt.Sign("""{"alg":"EdDSA","kid":"ed"}""", """{"sub":"u","exp":4102444800}""", _ => new byte[64]));

        Assert.Equal(401, answer.Status);
        var line = Assert.Single(stage.Gateway.Log.Lines, line => line.Contains("algorithm 1: EdDSA", StringComparison.Ordinal));
        Assert.Contains("ES256", line, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _rsa.Dispose();
        _ec.Dispose();
        await _server.DisposeAsync();
    }

    private static Task<WireMessage> AskAsync(Stage stage, Issuer issuer, string jwt)
    {
        var fields = issuer.Fields.Replace("{jwt}", jwt, StringComparison.Ordinal);
        return RawClient.ExchangeAsync(
            stage.Gateway.Public, $"GET /fathom/connect HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{fields}\r\n");
    }
}
