using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FathomGateway.Sandbox.Provider;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>A stand-in provider of its own for one test, and the steps of a client at it.</summary>
internal sealed class SomeProvider : IAsyncDisposable
{
    public const string Verifier = "a-verifier-of-forty-three-characters-or-more";
    public const string RedirectUri = "http://127.0.0.1:5999/fathom/callback";

    private static readonly ProviderSettings Settings = new("the-client", "the-secret", RedirectUri, TimeSpan.FromHours(1));

    private readonly FathomStandIn _standIn;

    private SomeProvider(FathomStandIn standIn, FakeTimeProvider clock) =>
        (_standIn, Clock, Http) = (standIn, clock, PlainHttpClient.Create(standIn.Address));

    public FakeTimeProvider Clock { get; }

    public HttpClient Http { get; }

    public static async Task<SomeProvider> StartAsync()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 9, 22, 12, 0, 0, TimeSpan.Zero));
        return new SomeProvider(await FathomStandIn.StartAsync(Settings, clock, TestContext.Current.CancellationToken), clock);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _standIn.DisposeAsync();
    }

    /// <summary>
    /// Opens the authorization endpoint with a right request, apart from what the test changes in it; null leaves a parameter out.
    /// </summary>
    public Task<HttpResponseMessage> AskAsync(params (string Name, string? Value)[] changes)
    {
        var query = new Dictionary<string, string?>
        {
            ["client_id"] = Settings.ClientId,
            ["redirect_uri"] = RedirectUri,
            ["response_type"] = "code",
            ["state"] = "a state, with = & +",
            ["code_challenge"] = Pkce.Challenge(Verifier),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
            query[name] = value;
        return Http.GetAsync(QueryHelpers.AddQueryString("/v1/oauth/authorize", query.Where(parameter => parameter.Value is not null)));
    }

    /// <summary>Presses a button of the consent page and returns the answer.</summary>
    public async Task<HttpResponseMessage> DecideAsync(HttpResponseMessage consentPage, string decision)
    {
        var ticket = Consent.Ticket(await consentPage.Content.ReadAsStringAsync());
        return await Http.PostAsync("/v1/oauth/authorize", Form(("ticket", ticket), ("decision", decision)));
    }

    /// <summary>The whole way to a code.</summary>
    public async Task<string> CodeAsync()
    {
        var answer = await DecideAsync(await AskAsync(), "allow");
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return QueryHelpers.ParseQuery(answer.Headers.Location!.Query)["code"].ToString();
    }

    public Task<HttpResponseMessage> ExchangeAsync(string code, params (string Name, string? Value)[] changes) =>
        TokenAsync(
            [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri), ("code_verifier", Verifier), .. changes]);

    public Task<HttpResponseMessage> RefreshAsync(string refreshToken) =>
        TokenAsync([("grant_type", "refresh_token"), ("refresh_token", refreshToken)]);

    public async Task<HttpStatusCode> MeetingsStatusAsync(string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/meetings");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return (await Http.SendAsync(request)).StatusCode;
    }

    public Task<HttpResponseMessage> TokenAsync((string Name, string? Value)[] fields) =>
        Http.PostAsync("/v1/oauth/token", Form([("client_id", Settings.ClientId), ("client_secret", Settings.ClientSecret), .. fields]));

    // Later fields replace earlier ones, so that a test says only what it changes.
    private static FormUrlEncodedContent Form(params (string Name, string? Value)[] fields) =>
        new(fields.GroupBy(field => field.Name)
            .Select(group => KeyValuePair.Create(group.Key, group.Last().Value))
            .Where(field => field.Value is not null));
}

/// <summary>What a token endpoint says, read from its JSON.</summary>
internal sealed record SandboxTokenResponse(HttpStatusCode Status, string? AccessToken, string? RefreshToken, int? ExpiresIn, string? Error)
{
    public static async Task<SandboxTokenResponse> ReadAsync(Task<HttpResponseMessage> sent)
    {
        using var response = await sent;
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        string? Text(string name) => json.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
        int? lifetime = json.RootElement.TryGetProperty("expires_in", out var seconds) ? seconds.GetInt32() : null;
        return new(response.StatusCode, Text("access_token"), Text("refresh_token"), lifetime, Text("error"));
    }
}
