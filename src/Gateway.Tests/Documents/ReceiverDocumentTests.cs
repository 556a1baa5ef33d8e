using System.Text.Json;
using FathomGateway.Sandbox.Provider;
using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Conventions;
using FathomGateway.Tests.Events;
using FathomGateway.Tests.Internal;
using FathomGateway.Tests.Kit;
using FathomGateway.Tests.Sandbox;
using FathomGateway.Tests.Tokens.Refresh;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>
/// The receivers of docs/backend.md, taken from it: a gateway posts to them, and they ask the sandbox's Fathom through its relay.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ReceiverDocumentTests(RealStores stores)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Beyond the five minutes that a signature holds.</summary>
    private static readonly TimeSpan TooOld = TimeSpan.FromSeconds(400);

    /// <summary>The account that the stand-in uses for a browser without a cookie.</summary>
    private static readonly Account Account = Account.All[0];

    private readonly string _secret = EventReceiver.NewSecret();

    /// <summary>Fathom lets two calls pass each second: the relay, or the receiver, waits for the third.</summary>
    private readonly ProviderSettings _client =
        new(TestSettings.ClientId, TestSettings.ClientSecret, TestSettings.RedirectUri, TimeSpan.FromHours(1))
        {
            ApiCalls = 2,
            ApiWindow = TimeSpan.FromSeconds(1),
        };

    [Theory]
    [InlineData("node", TokenDatabase.Sqlite)]
    [InlineData("python3", TokenDatabase.Sqlite)]
    [InlineData("csharp", TokenDatabase.Sqlite)]
    [InlineData("csharp", TokenDatabase.Postgres)]
    public async Task The_documented_receiver_begins_once_a_connection_refuses_unsigned_events_and_leaves_no_webhook(
        string language, string kind)
    {
        await using var fathom = await FathomStandIn.StartAsync(_client, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var api = FaultProxy.Start(fathom.Address.Port);
        await using var receiver = new Receiver(language);
        await using var stage = await StartAsync(kind, fathom, api, receiver);
        var webhook = new Uri(stage.Gateway.Public, "/fathom-webhook");
        await receiver.StartAsync(stage.Gateway.Internal, _secret, webhook);
        // A number: the receivers of Node and Python are told to disconnect it as one.
        var user = "42";

        // 1. The event is answered while Fathom has not answered the registration of the webhook.
        api.ToServer.Hold();
        await ConnectAsync(stage, user);
        await Eventually.BecomesTrueAsync(
            async () => (await ListedAsync(stage)).GetProperty("status").GetString() == "delivered", Soon, "the event is answered");
        await api.ToServer.SeesAsync("POST /v1/webhooks");
        Assert.Empty(fathom.Webhooks.Registered);
        api.ToServer.Release();

        // 2. A webhook, and the meetings of all pages.
        string[] first = [.. Account.Meetings.Select(meeting => $"{user} {meeting.Title}")];
        await Eventually.BecomesTrueAsync(() => receiver.Met.SequenceEqual(first), Soon, "all pages are fetched");
        var registered = Assert.Single(fathom.Webhooks.Registered);

        // 3. The same event once more.
        var id = (await ListedAsync(stage)).GetProperty("id").GetString()!;
        using var again = await stage.Gateway.InternalAsync(HttpMethod.Post, $"events/{id}/redeliver");
        await Eventually.BecomesTrueAsync(
            async () => (await ListedAsync(stage)).GetProperty("attempts").GetInt32() == 1, Soon, "it came again");

        // 4. Events that the gateway did not sign, or not now.
        Assert.Equal(204, await PostAsync(receiver.EventsUrl, _secret));
        Assert.Equal(401, await PostAsync(receiver.EventsUrl, EventReceiver.NewSecret()));
        Assert.Equal(401, await PostAsync(receiver.EventsUrl, _secret, age: TooOld));
        Assert.Equal(401, await PostAsync(receiver.EventsUrl, null));

        // 5. Fathom's own webhook comes through the gateway, which leaves bytes and signature alone; a forged one does so too.
        Assert.Equal($"{webhook}?user={user}", registered.Url.AbsoluteUri);
        Assert.Equal(
            [204],
            await fathom.Webhooks.NotifyAsync(Account, Account.Meetings[0] with { Title = "Board meeting" }, CancellationToken.None));
        Assert.Equal(401, await PostAsync(registered.Url, EventReceiver.NewSecret()));
        Assert.Equal(401, await PostAsync(registered.Url, registered.Secret, age: TooOld));
        Assert.Equal(503, await PostAsync(new Uri($"{webhook}?user=nobody"), registered.Secret));
        await Eventually.BecomesTrueAsync(
            () => receiver.Met.SequenceEqual([.. first, $"{user} Board meeting"]), Soon, "the new one has come");
        Assert.Equal(registered, Assert.Single(fathom.Webhooks.Registered));

        // 6. What could not be stored is answered 500. It is taken when it comes again, and only then. Its id is also that of an event.
        Assert.Equal(500, await PostAsync(registered.Url, registered.Secret));
        Assert.Equal(204, await PostAsync(registered.Url, registered.Secret));
        Assert.Equal(204, await PostAsync(registered.Url, registered.Secret));
        await Eventually.BecomesTrueAsync(
            () => receiver.Met.SequenceEqual([.. first, $"{user} Board meeting", $"{user} made up"]), Soon, "it is stored once");

        // 7. The end.
        await receiver.DisconnectAsync(user);
        Assert.Empty(fathom.Webhooks.Registered);
        Assert.Null(await stage.ConnectionAsync(user));
        Assert.Equal(410, await PostAsync(registered.Url, registered.Secret));
    }

    [Theory]
    [InlineData("StandardWebhooks.cs")]
    [InlineData("FathomEvents.cs")]
    [InlineData("FathomRoutes.cs")]
    [InlineData("FathomWebhooks.cs")]
    public void The_CSharp_receiver_of_the_document_is_compiled_into_these_tests(string file)
    {
        var compiled = File.ReadAllText(Path.Combine(Repository.Root, "src", "Gateway.Tests", "Documents", "Snippets", file))
            .Replace("namespace FathomGateway.Tests.Documents.Snippets;\n\n", "", StringComparison.Ordinal);
        Assert.Equal(compiled, new Document("docs/backend.md").Named("csharp", "//", file)[$"// {file}\n".Length..]);
    }

    /// <param name="api">Before the API of the stand-in.</param>
    private Task<Stage> StartAsync(string kind, FathomStandIn fathom, FaultProxy api, Receiver receiver) => Stage.StartAsync(
        stores,
        kind,
        ("FATHOM_AUTHORIZE_URL", fathom.AuthorizeUrl.AbsoluteUri),
        ("FATHOM_TOKEN_URL", fathom.TokenUrl.AbsoluteUri),
        ("FATHOM_API_URL", $"http://127.0.0.1:{api.Port}{fathom.ApiUrl.AbsolutePath}"),
        ("FATHOM_REVOKE_URL", null),
        ("BACKEND_URL", receiver.Address.GetLeftPart(UriPartial.Authority)),
        ("EVENTS_URL", receiver.EventsUrl.AbsoluteUri),
        ("EVENTS_SECRET", $"{EventReceiver.NewSecret()} {_secret}"));

    /// <summary>As a browser does it: to the consent page, and back with what that has answered.</summary>
    private static async Task ConnectAsync(Stage stage, string user)
    {
        var consent = new Uri((await stage.BeginAsync(user)).Text);
        using var http = PlainHttpClient.Create(consent);
        var callback = await Consent.DecideAsync(http, consent, "allow");
        Assert.Equal(CallbackRedirect.Success, await stage.LandAsync(callback.Query.TrimStart('?')));
    }

    private static async Task<JsonElement> ListedAsync(Stage stage) =>
        (await stage.Gateway.JsonAsync(HttpMethod.Get, "events")).GetProperty("events")[0];

    private static Task<int> PostAsync(Uri target, string? secret, TimeSpan age = default)
    {
        const string Body = """
            {"type":"connection.disconnected","timestamp":"2026-11-29T09:30:00Z","data":{"user_id":"u"},"title":"made up"}
            """;
        return SignedPost.SendAsync(target, "evt_made_up", Body, secret, age);
    }
}
