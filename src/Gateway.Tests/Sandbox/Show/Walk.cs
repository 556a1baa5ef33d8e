using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using FathomGateway.Sandbox;
using FathomGateway.Sandbox.Provider;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace FathomGateway.Tests.Sandbox.Show;

/// <summary>A world, and Ann walking through its flow step by step without a browser; and what the show tells of it.</summary>
internal sealed partial class Walk : IAsyncDisposable
{
    private readonly SandboxWorld _world;
    private readonly HttpClient _gateway;
    private readonly HttpClient _frontend;

    private Walk(SandboxWorld world) => (_world, _gateway, _frontend) = (world, Plain.Client(world.Gateway), Plain.Client(world.Dashboard));

    public static async Task<Walk> BeginAsync(SandboxOptions? options = null)
    {
        var walk = new Walk(await SandboxWorld.StartAsync(options ?? new SandboxOptions(), TestContext.Current.CancellationToken));
        using var signedIn = await walk._gateway.PostAsJsonAsync("/auth/login", new { user = "ann" });
        var token = (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        walk._gateway.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return walk;
    }

    /// <summary>The click: the address of the consent page, or null where there was none to be had.</summary>
    public async Task<Uri?> ClickAsync()
    {
        using var answer = await _gateway.GetAsync("/fathom/connect");
        return answer.IsSuccessStatusCode ? new Uri((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!) : null;
    }

    /// <summary>Opens the consent page and answers it; the address of the callback.</summary>
    public async Task<Uri> DecideAsync(Uri consent, string decision)
    {
        var ticket = Ticket().Match(await _gateway.GetStringAsync(consent)).Groups[1].Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["ticket"] = ticket, ["decision"] = decision });
        using var answer = await _gateway.PostAsync(new Uri(consent, "/v1/oauth/authorize"), form);
        return answer.Headers.Location!;
    }

    /// <summary>Click and decision in one.</summary>
    public async Task<Uri> DecideAsync(string decision) => await DecideAsync((await ClickAsync())!, decision);

    /// <summary>Brings a callback to the gateway; what the app reads from the address it is returned to.</summary>
    public async Task<string> ReturnAsync(Uri callback)
    {
        using var answer = await _gateway.GetAsync(callback);
        var query = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        return query.GetValueOrDefault("fathom_successful") == "true" ? "connected" : query.GetValueOrDefault("fathom_error").ToString();
    }

    public Uri Callback(string query) => new(_world.Gateway, $"/fathom/callback?{query}");

    public async Task ChooseAsync(Fault fault)
    {
        using var answer = await _frontend.PostAsync($"/sandbox/fault?kind={fault}", null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What the page of the show is told.</summary>
    public Task<JsonElement> LookAsync() => _frontend.GetFromJsonAsync<JsonElement>("/sandbox/hops?after=0");

    /// <summary>The hops since the last call, each as <c>from → to: what</c>.</summary>
    public async Task<IReadOnlyList<string>> HopsAsync()
    {
        var hops = (await LookAsync()).GetProperty("hops").EnumerateArray()
            .Select(hop => $"{hop.GetProperty("from")} → {hop.GetProperty("to")}: {hop.GetProperty("what")}").ToArray();
        using var cleared = await _frontend.DeleteAsync("/sandbox/hops");
        return hops;
    }

    public async ValueTask DisposeAsync()
    {
        _gateway.Dispose();
        _frontend.Dispose();
        await _world.DisposeAsync();
    }

    [GeneratedRegex("name=\"ticket\" value=\"([^\"]+)\"")]
    private static partial Regex Ticket();
}
