using System.Net.Http.Headers;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

[Trait("Speed", "Slow")]
public sealed class SecretsOnConsoleTests
{
    [Fact]
    public async Task No_secret_is_written_to_the_console_of_a_process_that_logs_everything_T10()
    {
        using var provider = ScriptedProvider.Start();
        provider.Answers(TokenReply.Tokens("canary-access-token", "canary-refresh-token"));
        var settings = TestSettings.Embedded(provider.Settings);
        settings["ASPNETCORE_ENVIRONMENT"] = "Production";
        settings["Logging__LogLevel__Default"] = "Trace";
        settings["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace";
        settings["Logging__LogLevel__Npgsql"] = "Trace";
        settings["Logging__Console__FormatterOptions__IncludeScopes"] = "true";
        await using var gateway = await GatewayProcess.StartAsync(settings);
        await Readiness.OfStoresAsync(gateway.InternalClient);
        var (token, code) = (Jwt.For(Fresh.User()), Fresh.Code());
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        var state = (await AuthorizationUrl.ReadAsync(await gateway.Client.GetAsync("fathom/connect")))["state"];
        Assert.Equal(
            CallbackRedirect.Success, CallbackRedirect.Of(await gateway.Client.GetAsync($"fathom/callback?code={code}&state={state}")));
        await gateway.TerminateAsync();

        Assert.Contains("is connected", gateway.Output, StringComparison.Ordinal);
        Assert.Contains("\"LogLevel\":\"Debug\",\"Category\":\"Microsoft.AspNetCore", gateway.Output, StringComparison.Ordinal);
        string[] secrets =
        [
            token, code, state, provider.TokenRequests.Single().Field("code_verifier"), "canary-access-token", "canary-refresh-token",
            TestSettings.ClientSecret, TestSettings.JwtSecret, TestSettings.InternalApiKey,
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, gateway.Output, StringComparison.Ordinal));
    }
}
