using System.Net;
using System.Text;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The webhooks at Fathom of the receivers of docs/backend.md: what their posts are answered, and when they are deleted.</summary>
[Trait("Speed", "Slow")]
public sealed class ReceiverWebhookTests
{
    private const string First = "DELETE /connections/42/fathom/webhooks/w1", End = "DELETE /connections/42";

    private static readonly string[] Each = ["node", "python3", "csharp"];

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Languages => [.. Each];

    public static MatrixTheoryData<string, int> Failures => new(Each, [401, 403, 404, 429, 500, 502, 503, 504]);

    /// <summary>By Standard Webhooks, a sender should disable an endpoint that answers 410.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_post_of_Fathom_is_answered_410_only_after_the_end_of_the_connection(string language)
    {
        var isAnswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = WebhookGateway.Start();
        gateway.Answer = async request =>
        {
            if (request.Head.Method == "POST") await isAnswered.Task;
            return null;
        };
        await using var receiver = await gateway.ReceiverAsync(language);
        Assert.Equal(503, await gateway.MeetingAsync(receiver));

        Assert.Equal(204, await gateway.EventAsync(receiver, "connected", 10));
        await Eventually.BecomesTrueAsync(() => gateway.Relayed("POST").Any(), Soon, "the receiver registers a webhook");
        Assert.Equal(503, await gateway.MeetingAsync(receiver));
        isAnswered.SetResult();
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 1, Soon, "the receiver has begun");
        Assert.Equal(204, await gateway.MeetingAsync(receiver));

        await receiver.DisconnectAsync("42");
        Assert.Equal(410, await gateway.MeetingAsync(receiver, "Another post"));

        // A new connection of the user: its webhook may post before Fathom has answered the registration.
        isAnswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Equal(204, await gateway.EventAsync(receiver, "connected", 20));
        await Eventually.BecomesTrueAsync(() => gateway.Relayed("POST").Count() == 2, Soon, "the receiver registers another one");
        Assert.Equal(503, await gateway.MeetingAsync(receiver, "Another post"));
        isAnswered.SetResult();
    }

    [Theory]
    [InlineData("express4")]
    [InlineData("python3")]
    [InlineData("csharp")]
    public async Task An_answer_503_to_a_post_of_Fathom_says_when_to_try_again(string language)
    {
        await using var gateway = WebhookGateway.Start();
        await using var receiver = await gateway.ReceiverAsync(language);

        using var client = new HttpClient();
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(receiver.Address, "/fathom-webhook?user=42"), content);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), answer.Headers.RetryAfter?.Delta);
    }

    /// <summary>The gateway has no token after a disconnect by the page, so it cannot say anything about the webhook.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_webhook_that_the_gateway_has_no_token_to_delete_is_deleted_by_the_next_connection(string language)
    {
        await using var gateway = WebhookGateway.Start();
        await using var receiver = await BegunAsync(gateway, language);
        gateway.Answer = _ => Task.FromResult<string?>(WebhookGateway.NotConnected);
        Assert.Equal(204, await gateway.EventAsync(receiver, "disconnected", 20));
        await Eventually.BecomesTrueAsync(() => gateway.Count(First) == 1, Soon, "the receiver tries to delete it");
        Assert.Equal(410, await gateway.MeetingAsync(receiver));

        gateway.Answer = _ => Task.FromResult<string?>(null);
        Assert.Equal(204, await gateway.EventAsync(receiver, "connected", 30));
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 2, Soon, "the receiver has begun again");

        Assert.Equal(["webhooks/w1", "webhooks/w1"], gateway.Relayed("DELETE"));
    }

    /// <summary>Only a 404 of Fathom's own says that there is no such webhook.</summary>
    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_user_disconnects_while_Fathom_does_not_delete_the_webhook_which_is_deleted_later(string language, int status)
    {
        await using var gateway = WebhookGateway.Start();
        await using var receiver = await BegunAsync(gateway, language);
        gateway.Answer = request => Task.FromResult(
            request.Head.Target.Contains("/webhooks/", StringComparison.Ordinal) ? WebhookGateway.Reply(status, "{}") : null);

        await receiver.DisconnectAsync("42");

        Assert.Equal([First, End], gateway.Asked.TakeLast(2));
        Assert.Equal(410, await gateway.MeetingAsync(receiver));
        gateway.Answer = _ => Task.FromResult<string?>(null);
        Assert.Equal(204, await gateway.EventAsync(receiver, "connected", 20));
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 2, Soon, "the receiver has begun again");
        Assert.Equal(status == 404 ? 1 : 2, gateway.Count(First));
    }

    /// <summary>A gateway without a key answers a 404 that looks like Fathom's. The user is still connected.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public async Task A_webhook_is_not_forgotten_where_the_connection_could_not_be_ended(string language)
    {
        await using var gateway = WebhookGateway.Start();
        await using var receiver = await BegunAsync(gateway, language);
        gateway.Answer = _ => Task.FromResult<string?>(WebhookGateway.Reply(404));

        await Assert.ThrowsAnyAsync<Exception>(() => receiver.DisconnectAsync("42"));

        Assert.Equal(204, await gateway.MeetingAsync(receiver));
        gateway.Answer = _ => Task.FromResult<string?>(null);
        await receiver.DisconnectAsync("42");
        Assert.Equal([First, End], gateway.Asked.TakeLast(2));
    }

    private static async Task<Receiver> BegunAsync(WebhookGateway gateway, string language)
    {
        var receiver = await gateway.ReceiverAsync(language);
        Assert.Equal(204, await gateway.EventAsync(receiver, "connected", 10));
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 1, Soon, "the receiver has begun");
        return receiver;
    }
}
