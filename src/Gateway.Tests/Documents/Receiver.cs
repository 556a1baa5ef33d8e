using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Documents.Frontend;
using FathomGateway.Tests.Documents.Snippets;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>
/// A backend made of the receiver of docs/backend.md in one language: a route for events, one for Fathom's webhooks, one to disconnect.
/// </summary>
/// <param name="language">Or a package of Express: then it is the documented start of a CommonJS backend, without the last route.</param>
internal sealed class Receiver(string language) : IAsyncDisposable
{
    private static readonly Document Document = new("docs/backend.md");

    private readonly int _port = FreePort.Next();
    private readonly ConcurrentQueue<string> _met = [];
    private int _madeUp;
    private ChildProcess? _process;
    private WebApplication? _compiled;

    public Uri Address => new($"http://127.0.0.1:{_port}/");
    public Uri EventsUrl => new(Address, "/fathom-events");

    /// <summary>In Node and Python a variable of its process that the test chooses.</summary>
    public (string Name, string Value)? Variable { get; init; }

    /// <summary>What it has stored: user and title of each meeting, in order. It fails at the first one with the title "made up".</summary>
    public string[] Met => _process is null ? [.. _met] : _process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What its process has said of failures.</summary>
    public string Errors => _process?.Errors ?? "";

    /// <param name="webhook">Where Fathom is to post.</param>
    public async Task StartAsync(Uri gateway, string secret, Uri webhook)
    {
        if (language == "csharp")
        {
            _compiled = await CompiledAsync(gateway, secret, webhook);
            return;
        }

        var folder = TempFolder.Create("receiver");
        var start = language switch
        {
            "node" => await DrivenAsync(
                folder, "receive.mjs", "js", "//", "fathom.mjs", "events.mjs", "disconnect-route.mjs", "begin-all.mjs"),
            "python3" => await DrivenAsync(folder, "receive.py", "python", "#", "fathom.py", "events.py", "server.py"),
            _ => await ExpressAsync(folder),
        };
        start.WorkingDirectory = folder;
        start.Environment["PORT"] = $"{_port}";
        start.Environment["FATHOM_GATEWAY"] = gateway.AbsoluteUri;
        start.Environment["INTERNAL_API_KEY"] = TestSettings.InternalApiKey;
        start.Environment["EVENTS_SECRET"] = secret;
        start.Environment["FATHOM_WEBHOOK_URL"] = webhook.AbsoluteUri;
        if (Variable is { } variable) start.Environment[variable.Name] = variable.Value;
        _process = ChildProcess.Start(start);
    }

    /// <summary>Has it call its own function that disconnects a user.</summary>
    public async Task DisconnectAsync(string user)
    {
        using var client = new HttpClient();
        using var answer = await client.PostAsync(new Uri(Address, $"/disconnect?user={user}"), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Has it begin for a user who is connected already; in Node for all of the list.</summary>
    public async Task BeginAsync(string user, string at)
    {
        using var client = new HttpClient();
        using var answer = await client.PostAsync(new Uri(Address, $"/begin?user={user}&at={at}"), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        if (_compiled is not null) await _compiled.DisposeAsync();
    }

    private static void CopySnippet(string file, string folder) =>
        File.Copy(Path.Combine(Repository.Root, "src", "Gateway.Tests", "Documents", "Snippets", file), Path.Combine(folder, file));

    private static async Task WriteAsync(string folder, string block, string comment, params string[] files)
    {
        foreach (var file in files) await File.WriteAllTextAsync(Path.Combine(folder, file), Document.Named(block, comment, file));
    }

    private async Task<ProcessStartInfo> DrivenAsync(string folder, string driver, string block, string comment, params string[] files)
    {
        Assert.SkipUnless(Programs.IsOnPath(language), $"{language} is not installed on this machine.");
        await WriteAsync(folder, block, comment, files);
        CopySnippet(driver, folder);
        return new ProcessStartInfo(language, [driver, $"{_port}"]);
    }

    private async Task<ProcessStartInfo> ExpressAsync(string folder)
    {
        if (await FrontendSite.Packages.ObstacleAsync() is { } obstacle) Assert.Skip(obstacle);
        await WriteAsync(folder, "js", "//", "fathom.mjs", "events.mjs", "server.cjs");
        CopySnippet("routes.cjs", folder);
        CopySnippet("store.cjs", folder);
        var packages = Directory.CreateDirectory(Path.Combine(folder, "node_modules")).FullName;
        Directory.CreateSymbolicLink(
            Path.Combine(packages, "express"), Path.Combine(FrontendSite.Packages.Folder, "node_modules", language));
        return new ProcessStartInfo("node", ["server.cjs"]);
    }

    private async Task<WebApplication> CompiledAsync(Uri gateway, string secret, Uri webhook)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"{Address}");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FATHOM_GATEWAY"] = gateway.AbsoluteUri,
            ["INTERNAL_API_KEY"] = TestSettings.InternalApiKey,
            ["EVENTS_SECRET"] = secret,
            ["FATHOM_WEBHOOK_URL"] = webhook.AbsoluteUri,
        });
        builder.Services.AddFathomEvents(builder.Configuration, StoreAsync);
        var app = builder.Build();
        app.MapFathomEvents();
        app.MapPost("/disconnect", (FathomEvents events, string user) => events.DisconnectAsync(user));
        app.MapPost("/begin", (FathomEvents events, string user, DateTimeOffset at) => { _ = events.BeginAsync(user, at); });
        await app.StartAsync();
        return app;
    }

    private Task StoreAsync(string user, JsonElement meeting)
    {
        var title = meeting.GetProperty("title").GetString();
        if (title == "made up" && Interlocked.Increment(ref _madeUp) == 1) throw new InvalidOperationException("The database is down.");
        _met.Enqueue($"{user} {title}");
        return Task.CompletedTask;
    }
}
