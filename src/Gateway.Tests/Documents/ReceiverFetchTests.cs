using FathomGateway.Tests.Documents.Snippets;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>How the receivers of docs/backend.md register a webhook and fetch meetings while calls fail or the user disconnects.</summary>
[Trait("Speed", "Slow")]
public sealed class ReceiverFetchTests
{
    public static readonly TheoryData<string> Languages = ["node", "python3", "csharp"];

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Shorter than the wait between two tries.</summary>
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(3);

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_page_that_cannot_be_fetched_is_asked_for_again(string language)
    {
        await using var gateway = WebhookGateway.Start();
        gateway.Answer = Answering("GET", WebhookGateway.Reply(502), WebhookGateway.BrokenOff(), WebhookGateway.NoAnswer);
        await using var receiver = await gateway.ReceiverAsync(language);

        await gateway.EventAsync(receiver, "connected", 10);

        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 1, Soon, "the page is fetched");
        Assert.Equal(4, gateway.Relayed("GET").Count());
        Assert.Single(gateway.Relayed("POST"));
    }

    /// <summary>A cursor without a character is the end as well as none.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task An_empty_cursor_ends_the_pages(string language)
    {
        await using var gateway = WebhookGateway.Start();
        gateway.Answer = Answering("GET", WebhookGateway.Page("First", "\"\""));
        await using var receiver = await gateway.ReceiverAsync(language);

        await gateway.EventAsync(receiver, "connected", 10);
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 1, Soon, "the page is fetched");
        await gateway.EventAsync(receiver, "connected", 20);
        await Eventually.BecomesTrueAsync(() => receiver.Met.Contains("42 A meeting"), Soon, "the receiver has begun again");

        Assert.Equal(["meetings", "meetings"], gateway.Relayed("GET"));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_page_that_comes_after_a_disconnect_hands_over_no_meeting(string language)
    {
        var isAnswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = WebhookGateway.Start();
        gateway.Answer = async request =>
        {
            if (request.Head.Target.EndsWith("/meetings", StringComparison.Ordinal)) return WebhookGateway.Page("First", "\"2\"");
            if (!request.Head.Target.EndsWith("?cursor=2", StringComparison.Ordinal)) return null;
            await isAnswered.Task;
            return WebhookGateway.Page("Late");
        };
        await using var receiver = await gateway.ReceiverAsync(language);
        await gateway.EventAsync(receiver, "connected", 10);
        await Eventually.BecomesTrueAsync(() => gateway.Relayed("GET").Count() == 2, Soon, "the receiver asks for the second page");

        await receiver.DisconnectAsync("42");
        isAnswered.SetResult();
        gateway.Answer = _ => Task.FromResult<string?>(null);
        await gateway.EventAsync(receiver, "connected", 20);

        await Eventually.BecomesTrueAsync(() => receiver.Met.Contains("42 A meeting"), Soon, "the receiver has begun again");
        Assert.Equal(["42 First", "42 A meeting"], receiver.Met);
    }

    /// <summary>Where a body has no length, the gateway cannot send it again after Fathom has refused the token.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_registration_has_the_length_of_its_body(string language)
    {
        var heads = Array.Empty<WireHead>();
        await using var gateway = WebhookGateway.Start();
        gateway.Answer = request =>
        {
            if (request.Head.Method == "POST") heads = [.. heads, request.Head];
            return Task.FromResult<string?>(null);
        };
        await using var receiver = await gateway.ReceiverAsync(language);
        await gateway.EventAsync(receiver, "connected", 10);
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 1, Soon, "the receiver has begun");

        var head = Assert.Single(heads);
        Assert.NotNull(head.Value("Content-Length"));
        Assert.Null(head.Value("Transfer-Encoding"));
    }

    /// <summary>The receiver holds the user's turn meanwhile.</summary>
    [Theory]
    [InlineData("node")]
    [InlineData("python3")]
    public async Task A_call_that_is_not_answered_ends_and_is_made_again(string language)
    {
        await using var gateway = WebhookGateway.Start();
        gateway.Answer = request => FirstHangsAsync(gateway, request);
        await using var receiver = await gateway.ReceiverAsync(language, ("TIMEOUT_MS", $"{ShortTimeout.TotalMilliseconds}"));

        await gateway.EventAsync(receiver, "connected", 10);

        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 1, Soon, "the receiver has begun");
        Assert.InRange(gateway.Relayed("POST").Count(), 2, 10);
    }

    [Fact]
    public async Task A_call_of_the_CSharp_receiver_that_is_not_answered_ends_and_is_made_again()
    {
        await using var gateway = WebhookGateway.Start();
        gateway.Answer = request => FirstHangsAsync(gateway, request);
        using var http = FathomTokens.CreateClient(gateway.Address, TestSettings.InternalApiKey);
        http.Timeout = ShortTimeout;
        var events = new FathomEvents(http, gateway.Secret, new Uri("https://app.example.com/"), (_, _) => Task.CompletedTask);

        await events.BeginAsync("42", DateTimeOffset.UnixEpoch);

        Assert.InRange(gateway.Relayed("POST").Count(), 2, 10);
    }

    /// <summary>These answers to the relayed requests of a method, one after the other, and then the usual one.</summary>
    private static Func<WireMessage, Task<string?>> Answering(string method, params string[] answers)
    {
        var left = new Queue<string>(answers);
        return request => Task.FromResult(request.Head.Method == method && left.TryDequeue(out var answer) ? answer : null);
    }

    /// <summary>The first registration is never answered.</summary>
    private static Task<string?> FirstHangsAsync(WebhookGateway gateway, WireMessage request) =>
        request.Head.Method == "POST" && gateway.Relayed("POST").Count() == 1
            ? new TaskCompletionSource<string?>().Task
            : Task.FromResult<string?>(null);
}
