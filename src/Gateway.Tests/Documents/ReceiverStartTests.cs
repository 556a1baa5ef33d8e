using FathomGateway.Tests.Documents.Snippets;
using FathomGateway.Tests.Kit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The start of the receivers of docs/backend.md: their variables, and users who are connected already.</summary>
[Trait("Speed", "Slow")]
public sealed class ReceiverStartTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static readonly string[] Required = ["INTERNAL_API_KEY", "EVENTS_SECRET", "FATHOM_WEBHOOK_URL"];

    public static MatrixTheoryData<string, string> Empty => new(["node", "python3"], Required);

    public static TheoryData<string> RequiredVariables => [.. Required];

    [Theory]
    [MemberData(nameof(Empty))]
    public async Task A_variable_that_is_empty_stops_the_start_and_is_named(string language, string variable)
    {
        await using var gateway = WebhookGateway.Start();
        await using var receiver = new Receiver(language) { Variable = (variable, "") };

        await receiver.StartAsync(gateway.Address, gateway.Secret, new Uri("https://app.example.com/fathom-webhook"));

        await Eventually.BecomesTrueAsync(
            () => receiver.Errors.Contains($"{variable} is not set.", StringComparison.Ordinal), Soon, "it names the variable");
    }

    [Theory]
    [MemberData(nameof(RequiredVariables))]
    public void A_setting_that_is_empty_stops_the_start_in_CSharp(string setting)
    {
        using var settings = new ConfigurationManager();
        settings["INTERNAL_API_KEY"] = TestSettings.InternalApiKey;
        settings["EVENTS_SECRET"] = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
        settings["FATHOM_WEBHOOK_URL"] = "https://app.example.com/fathom-webhook";
        settings[setting] = "";

        Assert.ThrowsAny<ArgumentException>(
            () => new ServiceCollection().AddFathomEvents(settings, (_, _) => Task.CompletedTask));
    }

    /// <summary>The event belongs to the connection before. The list says when the present one began, at second 30.</summary>
    [Theory]
    [InlineData("node")]
    [InlineData("python3")]
    [InlineData("csharp")]
    public async Task A_disconnect_from_before_the_present_connection_does_not_end_what_has_begun_for_it(string language)
    {
        await using var gateway = WebhookGateway.Start();
        await using var receiver = await gateway.ReceiverAsync(language);
        await receiver.BeginAsync("42", "2026-11-29T09:30:30Z");
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 1, Soon, "the receiver has begun");
        // The webhook stays, so each of the next steps tries to delete it.
        gateway.Answer = request => Task.FromResult(request.Head.Method == "DELETE" ? WebhookGateway.NotConnected : null);

        Assert.Equal(204, await gateway.EventAsync(receiver, "disconnected", 20));
        Assert.Equal(204, await gateway.EventAsync(receiver, "connected", 40));
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 2, Soon, "the receiver has begun again");

        Assert.Equal(["webhooks/w1"], gateway.Relayed("DELETE"));
    }

    [Fact]
    public async Task A_user_who_cannot_begin_does_not_stop_the_others()
    {
        await using var gateway = WebhookGateway.Start();
        gateway.Answer = request => Task.FromResult(request.Head switch
        {
            { Method: "POST", Target: "/connections/1/fathom/webhooks" } => WebhookGateway.Reply(400),
            { Method: "GET", Target: "/connections?status=connected" } => Listed("1", "\"1\""),
            { Method: "GET", Target: "/connections?status=connected&after=1" } => Listed("2", "null"),
            _ => null,
        });
        await using var receiver = await gateway.ReceiverAsync("node");

        await receiver.BeginAsync("all", "");

        await Eventually.BecomesTrueAsync(() => receiver.Met.SequenceEqual(["2 A meeting"]), Soon, "the second user has begun");
        await Eventually.BecomesTrueAsync(
            () => receiver.Errors.Contains("1 has not begun.", StringComparison.Ordinal), Soon, "it names the first one");
    }

    private static string Listed(string user, string next) => WebhookGateway.Reply(
        200, $$"""{"connections":[{"user_id":"{{user}}","connected_at":"2026-11-29T09:30:30Z"}],"next":{{next}}}""");
}
