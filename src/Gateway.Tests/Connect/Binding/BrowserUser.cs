using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>A user, signed in with a JWT, in a browser with its own cookie jar.</summary>
internal sealed class BrowserUser(Stage stage, string user)
{
    public const string CookieName = "__Host-fathom_binder";
    private const string Fragment = "#fathom_confirm=";

    public string User => user;

    /// <summary>What the browser sends as User-Agent.</summary>
    public string UserAgent { get; init; } = "Mozilla/5.0 (Tests)";

    /// <summary>What the jar holds, as a Cookie field; null while it is empty.</summary>
    public string? Cookie { get; set; }

    /// <summary>The Set-Cookie fields that came, in order.</summary>
    public List<string> SetCookies { get; } = [];

    /// <summary>Begins to connect, and keeps the state.</summary>
    public async Task<string> BeginAsync()
    {
        using var response = await RetryClient.AskAsync(async () =>
        {
            using var request = Request(HttpMethod.Get, "fathom/connect");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.For(user));
            return await SendAsync(request);
        });
        return (await AuthorizationUrl.ReadAsync(response))["state"];
    }

    /// <summary>Opens the callback with this code and state.</summary>
    public async Task<HttpResponseMessage> ReturnAsync(string state, string code) =>
        await SendAsync(Request(HttpMethod.Get, $"fathom/callback?code={code}&state={state}"));

    /// <summary>Where the callback leads, if that is no handle.</summary>
    public async Task<string> LandAsync(string state, string code) => CallbackRedirect.Of(await ReturnAsync(state, code));

    /// <summary>The handle that the callback leads to.</summary>
    public async Task<string> ParkAsync(string state, string code)
    {
        using var response = await ReturnAsync(state, code);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
        var location = Assert.Single(response.Headers.GetValues("Location"));
        Assert.StartsWith(CallbackRedirect.Page + Fragment, location, StringComparison.Ordinal);
        Assert.DoesNotContain(code, location, StringComparison.Ordinal);
        return location[(CallbackRedirect.Page.Length + Fragment.Length)..];
    }

    /// <summary>Sends the handle with the person's JWT.</summary>
    public Task<HttpResponseMessage> ConfirmAsync(string handle) => PostAsync(JsonContent.Create(new { handle }));

    public async Task<HttpResponseMessage> PostAsync(HttpContent content)
    {
        using var request = Request(HttpMethod.Post, "fathom/confirm");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.For(user));
        request.Content = content;
        return await SendAsync(request);
    }

    /// <summary>Status and code of the answer: <c>connected</c>, or the problem's <c>fathom_error</c>.</summary>
    public async Task<(HttpStatusCode Status, string Code)> ToldAsync(string handle)
    {
        using var response = await ConfirmAsync(handle);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        if (response.IsSuccessStatusCode) return (response.StatusCode, answer.RootElement.GetProperty("status").GetString()!);
        await Refusal.IsProblemAsync(response);
        return (response.StatusCode, answer.RootElement.GetProperty("fathom_error").GetString()!);
    }

    private HttpRequestMessage Request(HttpMethod method, string target)
    {
        var request = new HttpRequestMessage(method, target);
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (Cookie is not null) request.Headers.Add("Cookie", Cookie);
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        var response = await stage.Gateway.Client.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var values))
        {
            SetCookies.AddRange(values);
            Cookie = SetCookies[^1].Split(';')[0];
        }

        return response;
    }
}
