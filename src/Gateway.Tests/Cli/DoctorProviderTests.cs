using FathomGateway.Settings;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Transparency;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Cli;

/// <summary>A made-up code distinguishes a wrong endpoint, a wrong client and a wrong redirect URI.</summary>
public sealed class DoctorProviderTests
{
    private const string NoOAuth = "api.usefathom.com, the default of FATHOM_PROVIDER, documents no OAuth";

    [Theory]
    [MemberData(nameof(WrongProviderSetUps.Answers), MemberType = typeof(WrongProviderSetUps))]
    public async Task The_doctor_names_the_remedy_for_each_answer_of_the_token_endpoint(
        int status, string body, string fields, HealthStatus verdict, string[] words)
    {
        await using var endpoint = RecordingBackend.Start();
        endpoint.Answers($"HTTP/1.1 {status} Any\r\n{fields}Content-Length: {body.Length}\r\n\r\n{body}");

        var found = await Examination.OfAsync("provider", At(endpoint.Address));

        Assert.True(found.Status == verdict, $"{found.Status}: {found.Description}");
        Assert.All(words, word => Assert.Contains(word, found.Description, StringComparison.Ordinal));
        string[] hidden = [TestSettings.ClientSecret, "hidden", "DOCTYPE"];
        Assert.All(hidden, secret => Assert.DoesNotContain(secret, found.Description, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("off", false)]
    [InlineData("S256", true)]
    public async Task The_doctor_sends_a_made_up_code_as_a_real_exchange_does(string pkce, bool hasVerifier)
    {
        using var provider = ScriptedProvider.Start();

        await Examination.OfAsync("provider", TestSettings.Embedded([.. provider.Settings, ("FATHOM_PKCE", pkce)]));

        var request = Assert.Single(provider.TokenRequests);
        Assert.Equal("authorization_code", request.GrantType);
        Assert.Equal(TestSettings.RedirectUri, request.Field("redirect_uri"));
        Assert.Equal((TestSettings.ClientId, TestSettings.ClientSecret), (request.Field("client_id"), request.Field("client_secret")));
        Assert.Equal(hasVerifier, request.Form.ContainsKey("code_verifier"));
        Assert.NotEqual("", request.Code);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/token", "cannot be reached (ConnectionError)")]
    [InlineData("https://nowhere.invalid/token", "cannot be reached (NameResolutionError)")]
    public Task The_doctor_tells_why_a_token_endpoint_cannot_be_reached(string url, string words) => Examination.FindsAsync(
        "provider", TestSettings.Embedded(("FATHOM_TOKEN_URL", url)), HealthStatus.Unhealthy, words, "check FATHOM_TOKEN_URL");

    [Fact]
    public async Task The_doctor_finds_an_invalid_certificate_of_the_token_endpoint()
    {
        using var certificate = SelfSigned.Create();
        await using var endpoint = RawServer.Start(RawResponse.Json("{}"), certificate: certificate);

        await Examination.FindsAsync(
            "provider", At(endpoint.Address), HealthStatus.Unhealthy, "SecureConnectionError", "certificate", "FATHOM_TOKEN_URL");
    }

    [Fact]
    public async Task The_doctor_finds_a_token_endpoint_that_closes_without_an_answer()
    {
        await using var endpoint = RawServer.Start(RawResponse.CloseBeforeHeaders);

        await Examination.FindsAsync("provider", At(endpoint.Address), HealthStatus.Unhealthy, "gives no answer", "check FATHOM_TOKEN_URL");
    }

    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData("usefathom", null, null, true)]
    [InlineData(null, "https://provider.example.test/authorize", null, true)]
    [InlineData(null, "https://provider.example.test/authorize", "https://provider.example.test/token", false)]
    [InlineData("fathom-video", null, null, false)]
    public void The_default_provider_is_warned_of_as_one_that_documents_no_OAuth(
        string? provider, string? authorize, string? token, bool isSaid)
    {
        var settings = TestSettings.Embedded(
            ("FATHOM_PROVIDER", provider), ("FATHOM_AUTHORIZE_URL", authorize), ("FATHOM_TOKEN_URL", token));

        using var host = Program.Build(TestSettings.Configuration(settings), logging => logging.ClearProviders());

        // The start logs the warnings, and doctor lists them.
        var warnings = host.Services.GetRequiredService<SettingsReader>().Warnings;
        var said = warnings.Where(warning => warning.StartsWith(NoOAuth, StringComparison.Ordinal)).ToArray();
        Assert.Equal(isSaid ? 1 : 0, said.Length);
        Assert.All(said, warning => Assert.EndsWith("FATHOM_PROVIDER=fathom-video.", warning, StringComparison.Ordinal));
    }

    private static Dictionary<string, string?> At(Uri endpoint) => TestSettings.Embedded(("FATHOM_TOKEN_URL", $"{endpoint}token"));
}
