using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FathomGateway.Sandbox;
using FathomGateway.Sandbox.Provider;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace FathomGateway.Tests.Sandbox.Show;

/// <summary>A sandbox, and a user Ann who goes through the flow step by step without a browser; and the hops that the page shows.</summary>
internal sealed class SandboxFlow : IAsyncDisposable
{
    private readonly SandboxEnvironment _sandbox;
    private readonly HttpClient _gateway;
    private readonly HttpClient _frontend;

    private SandboxFlow(SandboxEnvironment sandbox) =>
        (_sandbox, _gateway, _frontend) = (sandbox, PlainHttpClient.Create(sandbox.Gateway), PlainHttpClient.Create(sandbox.Dashboard));

    public SandboxEnvironment Sandbox => _sandbox;

    public static async Task<SandboxFlow> BeginAsync(SandboxOptions? options = null)
    {
        var sandbox = await SandboxEnvironment.StartAsync(options ?? new SandboxOptions(), TestContext.Current.CancellationToken);
        var walk = new SandboxFlow(sandbox);
        using var signedIn = await walk._gateway.PostAsJsonAsync("/auth/login", new { user = "ann" });
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        walk._gateway.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return walk;
    }

    /// <summary>The click: the address of the consent page, or null where there was none.</summary>
    public async Task<Uri?> ClickAsync()
    {
        using var answer = await _gateway.GetAsync("/fathom/connect");
        return answer.IsSuccessStatusCode
            ? new Uri((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!)
            : null;
    }

    /// <summary>Opens the consent page and answers it; the address of the callback.</summary>
    public Task<Uri> DecideAsync(Uri consent, string decision) => Consent.DecideAsync(_gateway, consent, decision);

    /// <summary>Click and decision in one.</summary>
    public async Task<Uri> DecideAsync(string decision) => await DecideAsync((await ClickAsync())!, decision);

    /// <summary>Brings a callback to the gateway; what the app reads from the address it is returned to.</summary>
    public async Task<string> ReturnAsync(Uri callback)
    {
        using var answer = await _gateway.GetAsync(callback);
        var query = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        return query.GetValueOrDefault("fathom_successful") == "true" ? "connected" : query.GetValueOrDefault("fathom_error").ToString();
    }

    public Uri Callback(string query) => new(_sandbox.Gateway, $"/fathom/callback?{query}");

    public async Task ChooseAsync(Fault fault)
    {
        using var answer = await _frontend.PostAsync($"/sandbox/fault?kind={fault}", null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The first message that a page gets which follows the sandbox.</summary>
    public async Task<JsonElement> SceneAsync()
    {
        using var answer = await _frontend.GetAsync("/sandbox/live", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return JsonElement.Parse(line["data: ".Length..]);
        }

        throw new InvalidOperationException("The stream has ended before its first message.");
    }

    /// <summary>What there is to see, apart from hops.</summary>
    public async Task<JsonElement> LookAsync() => (await SceneAsync()).GetProperty("now");

    /// <summary>
    /// The hops since the last call, each as <c>from → to: what</c>. Events are left out: they are delivered beside the flow, whenever.
    /// </summary>
    public async Task<IReadOnlyList<string>> HopsAsync()
    {
        var hops = (await SceneAsync()).GetProperty("hops").EnumerateArray()
            .Where(hop => !hop.GetProperty("what").GetString()!.StartsWith("event ", StringComparison.Ordinal))
            .Select(hop => $"{hop.GetProperty("from")} → {hop.GetProperty("to")}: {hop.GetProperty("what")}").ToArray();
        using var cleared = await _frontend.DeleteAsync("/sandbox/hops");
        return hops;
    }

    public async ValueTask DisposeAsync()
    {
        _gateway.Dispose();
        _frontend.Dispose();
        await _sandbox.DisposeAsync();
    }
}
