using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FathomGateway.Sandbox.Backend;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The stand-in backend, asked directly.</summary>
public sealed class BackendTests : IDisposable
{
    private const string Frontend = "http://127.0.0.1:5998";

    private readonly GatewayInternalApi _gateway = new("a-key");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 9, 22, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_person_who_signs_in_sees_their_own_projects_for_an_hour()
    {
        await using var backend = await StartAsync();
        using var http = PlainHttpClient.Create(backend.Address);
        using var signedIn = await http.PostAsJsonAsync("/auth/login", new { user = "ben" });
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        Assert.Equal("Ben Baker", (await http.GetFromJsonAsync<JsonElement>("/api/me")).GetProperty("name").GetString());
        Assert.Equal(2, (await http.GetFromJsonAsync<JsonElement>("/api/projects")).GetArrayLength());
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me")).StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer nonsense")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4iLCJleHAiOjk5OTk5OTk5OTl9.")]
    public async Task The_sandboxs_backend_answers_401_in_JSON_without_a_valid_JWT(string? authorization)
    {
        await using var backend = await StartAsync();
        using var http = PlainHttpClient.Create(backend.Address);
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await http.GetAsync("/api/projects");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Sign in first.", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
    }

    [Fact]
    public async Task The_sandboxs_backend_allows_CORS_to_the_frontend_alone()
    {
        await using var backend = await StartAsync();
        using var http = PlainHttpClient.Create(backend.Address);
        async Task<string?> AllowedAsync(string origin)
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/me");
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", "GET");
            preflight.Headers.Add("Access-Control-Request-Headers", "authorization");
            using var answer = await http.SendAsync(preflight);
            return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) ? origins.Single() : null;
        }

        Assert.Equal(Frontend, await AllowedAsync(Frontend));
        Assert.Null(await AllowedAsync("http://elsewhere.example"));
    }

    public void Dispose() => _gateway.Dispose();

    private Task<BackendStandIn> StartAsync() =>
        BackendStandIn.StartAsync(
            "a secret of the backend, of 32 bytes or more", Frontend, _gateway, _clock, TestContext.Current.CancellationToken);
}
