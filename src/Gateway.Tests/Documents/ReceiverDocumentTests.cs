using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FathomGateway.Events;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Documents.Snippets;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.House;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The receivers of docs/backend.md, taken from it: a gateway posts to them, and they ask Fathom through its relay.</summary>
[Trait("Speed", "Slow")]
public sealed class ReceiverDocumentTests
{
    private const string Webhook = "https://app.example.test/hook";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly string _secret = EventReceiver.NewSecret();
    private readonly int _port = FreePort.Next();
    private readonly ConcurrentQueue<string> _met = [];
    private ChildProcess? _process;

    private Uri Url => new($"http://127.0.0.1:{_port}/fathom-events");

    [Theory]
    [InlineData("node")]
    [InlineData("python3")]
    [InlineData("csharp")]
    public async Task It_begins_once_for_each_connection_and_refuses_what_is_not_signed(string language)
    {
        await using var api = ScriptedApi.Start(Answer);
        await using var stage = await Stage.StartAsync(
            ("FATHOM_API_URL", api.BaseUrl),
            ("BACKEND_URL", Url.GetLeftPart(UriPartial.Authority)),
            ("EVENTS_URL", Url.AbsoluteUri),
            ("EVENTS_SECRET", $"{EventReceiver.NewSecret()} {_secret}"));
        await using var receiver = await StartAsync(language, stage.Gateway.Internal);
        var user = Fresh.User();
        await stage.LinkAsync(user);

        await Eventually.BecomesTrueAsync(() => Met().SequenceEqual([$"{user} first", $"{user} second"]), Soon, "both pages are fetched");
        var id = (await ListedAsync(stage)).GetProperty("id").GetString()!;
        using var again = await stage.Gateway.InternalAsync(HttpMethod.Post, $"events/{id}/redeliver");
        await Eventually.BecomesTrueAsync(
            async () => (await ListedAsync(stage)).GetProperty("attempts").GetInt32() == 1, Soon, "it came again");

        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.Equal(204, await PostAsync(now, _secret));
        Assert.Equal(401, await PostAsync(now, EventReceiver.NewSecret()));
        Assert.Equal(401, await PostAsync(now - 400, _secret));
        Assert.Equal(401, await PostAsync(now, null));
        // As Fathom's own webhooks come: through the gateway, which leaves bytes and signature alone.
        Assert.Equal(204, await PostAsync(now, _secret, stage.Gateway.Public));
        Assert.Equal(401, await PostAsync(now, EventReceiver.NewSecret(), stage.Gateway.Public));
        var registered = Assert.Single(api.Requests, request => request.Head.Method == "POST");
        Assert.Contains(Webhook, registered.BodyText, StringComparison.Ordinal);
        Assert.Equal(2, Met().Length);
    }

    [Fact]
    public void The_receiver_in_CSharp_is_the_code_that_these_tests_are_compiled_with()
    {
        var compiled = File.ReadAllText(Path.Combine(Repository.Root, "src", "Gateway.Tests", "Documents", "Snippets", "FathomEvents.cs"))
            .Replace("namespace FathomGateway.Tests.Documents.Snippets;\n\n", "", StringComparison.Ordinal);
        Assert.Equal(compiled, new Document("docs/backend.md").Named("csharp", "//", "FathomEvents.cs")["// FathomEvents.cs\n".Length..]);
    }

    /// <summary>Fathom limits the first page's first request, and has two pages.</summary>
    private static string Answer(WireMessage request) => request.Head.Target switch
    {
        var target when target.EndsWith("/webhooks", StringComparison.Ordinal) => Ok("""{"id":"w1"}"""),
        var target when target.Contains("cursor=n%2F2", StringComparison.Ordinal) => Ok("""{"items":["second"],"next_cursor":null}"""),
        _ => Ok("""{"items":["first"],"next_cursor":"n/2"}"""),
    };

    private static string Ok(string body) =>
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static async Task<JsonElement> ListedAsync(Stage stage) =>
        (await stage.Gateway.JsonAsync(HttpMethod.Get, "events")).GetProperty("events")[0];

    private string[] Met() => _process is null ? [.. _met] : _process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <param name="through">A gateway whose backend the receiver is; without one it is asked directly.</param>
    private async Task<int> PostAsync(long timestamp, string? secret, Uri? through = null)
    {
        var body = """{"type":"connection.disconnected","data":{"user_id":"u"}}"""u8.ToArray();
        using var client = new HttpClient();
        var target = new Uri(through ?? Url, Url.AbsolutePath);
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", "evt_made_up");
        request.Headers.Add("webhook-timestamp", $"{timestamp}");
        if (secret is not null)
        {
            var key = Convert.FromBase64String(secret["whsec_".Length..]);
            request.Headers.Add("webhook-signature", EventSignature.Sign([key], "evt_made_up", timestamp, body));
        }

        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private async Task<IAsyncDisposable> StartAsync(string language, Uri gateway)
    {
        if (language == "csharp") return Compiled(gateway);
        Assert.SkipUnless(Programs.IsOnPath(language), $"{language} is not installed on this machine.");
        var (folder, document) = (TempFolder.Create("receiver"), new Document("docs/backend.md"));
        var (ending, name, comment) = language == "node" ? ("mjs", "js", "//") : ("py", "python", "#");
        foreach (var file in new[] { $"fathom.{ending}", $"events.{ending}" })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file), document.Named(name, comment, file));
        }

        var driver = $"receive.{ending}";
        File.Copy(Path.Combine(Repository.Root, "src", "Gateway.Tests", "Documents", "Snippets", driver), Path.Combine(folder, driver));
        var start = new ProcessStartInfo(language, [driver, $"{_port}"]) { WorkingDirectory = folder };
        start.Environment["FATHOM_GATEWAY"] = gateway.AbsoluteUri.TrimEnd('/');
        start.Environment["INTERNAL_API_KEY"] = TestSettings.InternalApiKey;
        start.Environment["EVENTS_SECRET"] = _secret;
        start.Environment["FATHOM_WEBHOOK_URL"] = Webhook;
        return _process = ChildProcess.Start(start);
    }

    private RawServer Compiled(Uri gateway)
    {
        var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestSettings.InternalApiKey);
        var events = new FathomEvents(http, _secret, new Uri(Webhook), (user, met) => _met.Enqueue($"{user} {met}"));
        return RawServer.Start(
            async exchange =>
            {
                var request = await exchange.ReadRequestAsync();
                await exchange.SendAsync($"HTTP/1.1 {events.Receive(request.Header, request.Body)} Word\r\nContent-Length: 0\r\n\r\n");
            },
            new IPEndPoint(IPAddress.Loopback, _port));
    }
}
