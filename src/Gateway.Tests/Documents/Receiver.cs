using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Documents.Snippets;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>
/// A backend made of the receiver of docs/backend.md in one language: a route for events, one for Fathom's webhooks, one to disconnect.
/// </summary>
internal sealed class Receiver(string language) : IAsyncDisposable
{
    private readonly int _port = FreePort.Next();
    private readonly ConcurrentQueue<string> _met = [];
    private int _madeUp;
    private ChildProcess? _process;
    private RawServer? _compiled;

    public Uri Address => new($"http://127.0.0.1:{_port}/");

    public Uri EventsUrl => new(Address, "/fathom-events");

    /// <summary>What it has stored: user and title of each meeting, in order. It fails at the first one with the title "made up".</summary>
    public string[] Met => _process is null ? [.. _met] : _process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <param name="gateway">The internal listener.</param>
    /// <param name="webhook">Where Fathom is to post.</param>
    public async Task StartAsync(Uri gateway, string secret, Uri webhook)
    {
        if (language == "csharp")
        {
            _compiled = Compiled(gateway, secret, webhook);
            return;
        }

        Assert.SkipUnless(Programs.IsOnPath(language), $"{language} is not installed on this machine.");
        var (folder, document) = (TempFolder.Create("receiver"), new Document("docs/backend.md"));
        var (ending, name, comment) = language == "node" ? ("mjs", "js", "//") : ("py", "python", "#");
        string[] routes = language == "node" ? ["disconnect-route.mjs"] : [];
        foreach (var file in (string[])[$"fathom.{ending}", $"events.{ending}", .. routes])
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file), document.Named(name, comment, file));
        }

        var driver = $"receive.{ending}";
        File.Copy(Path.Combine(Repository.Root, "src", "Gateway.Tests", "Documents", "Snippets", driver), Path.Combine(folder, driver));
        var start = new ProcessStartInfo(language, [driver, $"{_port}"]) { WorkingDirectory = folder };
        start.Environment["FATHOM_GATEWAY"] = gateway.AbsoluteUri.TrimEnd('/');
        start.Environment["INTERNAL_API_KEY"] = TestSettings.InternalApiKey;
        start.Environment["EVENTS_SECRET"] = secret;
        start.Environment["FATHOM_WEBHOOK_URL"] = webhook.AbsoluteUri;
        _process = ChildProcess.Start(start);
    }

    /// <summary>Has it call its own function that disconnects a user.</summary>
    public async Task DisconnectAsync(string user)
    {
        using var client = new HttpClient();
        using var answer = await client.PostAsync(new Uri(Address, $"/disconnect?user={user}"), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        if (_compiled is not null) await _compiled.DisposeAsync();
    }

    private RawServer Compiled(Uri gateway, string secret, Uri webhook)
    {
        var http = FathomTokens.CreateClient(gateway, TestSettings.InternalApiKey);
        var events = new FathomEvents(http, secret, webhook, StoreAsync);
        return RawServer.Start(
            async exchange =>
            {
                var request = await exchange.ReadRequestAsync();
                var target = new Uri(Address, request.Head.Target);
                var user = QueryHelpers.ParseQuery(target.Query).GetValueOrDefault("user").ToString();
                var status = target.AbsolutePath switch
                {
                    "/disconnect" => await StatusAsync(async () =>
                    {
                        await events.DisconnectAsync(user);
                        return 200;
                    }),
                    "/fathom-events" => events.Receive(request.Header, request.Body),
                    "/fathom-webhook" => await StatusAsync(() => events.ReceiveMeetingAsync(user, request.Header, request.Body)),
                    _ => 200,
                };
                await exchange.SendAsync($"HTTP/1.1 {status} Word\r\nContent-Length: 0\r\n\r\n");
            },
            new IPEndPoint(IPAddress.Loopback, _port));
    }

    private Task StoreAsync(string user, JsonElement meeting)
    {
        var title = meeting.GetProperty("title").GetString();
        if (title == "made up" && Interlocked.Increment(ref _madeUp) == 1) throw new InvalidOperationException("The database is down.");
        _met.Enqueue($"{user} {title}");
        return Task.CompletedTask;
    }

    /// <summary>As ASP.NET answers a handler.</summary>
    private static async Task<int> StatusAsync(Func<Task<int>> handler)
    {
        try
        {
            return await handler();
        }
        catch (Exception failure) when (failure is HttpRequestException or InvalidOperationException)
        {
            return 500;
        }
    }
}
