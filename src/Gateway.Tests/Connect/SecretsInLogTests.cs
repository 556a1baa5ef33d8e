using System.Text;
using FathomGateway.Tests.Kit;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace FathomGateway.Tests.Connect;

public sealed class SecretsInLogTests(RealStores stores)
{
    private const string AccessToken = "canary-access-token";
    private const string RefreshToken = "canary-refresh-token";

    [Theory]
    [Trait("Gateway", "InProcess")]
    [InlineData("post")]
    [InlineData("basic")]
    public async Task No_secret_is_logged_however_much_is_logged_T10(string clientAuthentication)
    {
        var settings = TestSettings.OnRealStores(
            await stores.RedisAsync(),
            await stores.NewDatabaseAsync(),
            ("FATHOM_CLIENT_AUTH", clientAuthentication),
            ("Logging:LogLevel:Default", "Trace"),
            ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"),
            ("Logging:LogLevel:System", "Trace"),
            ("Logging:LogLevel:Yarp", "Trace"));
        await using var stage = await Stage.StartAsync(settings);
        var secrets = new List<string>
        {
            AccessToken, RefreshToken, TestSettings.ClientSecret, TestSettings.JwtSecret, TestSettings.InternalApiKey,
            settings["TOKEN_ENCRYPTION_KEYS"]!.Split(':')[1],
        };

        // A success, three failures of the provider, a denial, a forged state, a refused token, and one that is forwarded.
        await GoAsync(stage, secrets, TokenReply.Tokens(AccessToken, RefreshToken), "");
        await GoAsync(
            stage,
            secrets,
            TokenReply.Refusal("invalid_grant") with { Body = $$"""{"error":"invalid_grant","error_description":"{{AccessToken}}"}""" },
            "");
        await GoAsync(stage, secrets, TokenReply.Refusal("invalid_client", 401), "");
        await GoAsync(
            stage,
            secrets,
            new TokenReply { Body = $$"""{"access_token":{"{{AccessToken}}":1},"refresh_token":"{{RefreshToken}}"}""" },
            "");
        await GoAsync(stage, secrets, TokenReply.Tokens(AccessToken, RefreshToken), "error=access_denied&");
        await GoAsync(stage, secrets, TokenReply.Tokens(AccessToken, RefreshToken), "state=x&");
        secrets.Add(Jwt.For("refused", secret: new string('x', 40)));
        await stage.ConnectAsync(secrets[^1]);
        secrets.Add(Fresh.Code());
        await stage.Gateway.Client.GetAsync($"fathom/other?code={secrets[^1]}");

        var log = $"{stage.Gateway.Log}";
        Assert.All(secrets.SelectMany(Spellings), secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));

        // The log is the right one, and it is at its most talkative.
        Assert.Contains("is connected", log, StringComparison.Ordinal);
        Assert.Contains(stage.Gateway.Log.Lines, line =>
            line.StartsWith("Trace", StringComparison.Ordinal) || line.StartsWith("Debug Microsoft.AspNetCore", StringComparison.Ordinal));
        // The framework's lines about requests hold whole addresses. Even one a minute could be that of a callback.
        Assert.DoesNotContain(stage.Gateway.Log.Lines, line =>
            line.Contains("Microsoft.AspNetCore.Hosting.Diagnostics", StringComparison.Ordinal));
    }

    private static async Task GoAsync(Stage stage, List<string> secrets, TokenReply reply, string extra)
    {
        var (token, code) = (Jwt.For(Fresh.User()), Fresh.Code());
        var state = (await AuthorizationUrl.ReadAsync(await RetryClient.AskAsync(() => stage.ConnectAsync(token))))["state"];
        stage.Provider.Answers(reply);
        await stage.LandAsync($"{extra}code={code}&state={state}");
        secrets.AddRange([token, token.Split('.')[2], code, state, state.Split('.')[^1]]);
        secrets.AddRange(
            stage.Provider.TokenRequests.Where(request => request.Code == code).Select(request => request.Field("code_verifier")));
    }

    private static string[] Spellings(string secret) =>
    [
        secret, Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), Base64UrlEncoder.Encode(secret),
        Convert.ToHexString(Encoding.UTF8.GetBytes(secret)), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)),
    ];
}
