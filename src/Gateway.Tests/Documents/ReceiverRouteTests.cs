using System.Net;
using System.Security.Claims;
using System.Text;
using FathomGateway.Tests.Documents.Snippets;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FathomGateway.Tests.Documents;

/// <summary>The routes of the receivers of docs/backend.md: a user who disconnects, and a post that one of them cannot read.</summary>
[Trait("Speed", "Slow")]
public sealed class ReceiverRouteTests
{
    private const string End = "DELETE /connections/42";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The deletion of the webhook is given up after ten seconds. Other calls may take two minutes, longer than this test's client waits.
    /// </summary>
    [Theory]
    [InlineData("node")]
    [InlineData("python3")]
    [InlineData("csharp")]
    public async Task A_user_disconnects_while_Fathom_does_not_answer(string language)
    {
        await using var gateway = WebhookGateway.Start();
        await using var receiver = await gateway.ReceiverAsync(language);
        Assert.Equal(204, await gateway.EventAsync(receiver, "connected", 10));
        await Eventually.BecomesTrueAsync(() => receiver.Met.Length == 1, Soon, "the receiver has begun");
        gateway.Answer = request => request.Head.Target.Contains("/webhooks/", StringComparison.Ordinal)
            ? new TaskCompletionSource<string?>().Task
            : Task.FromResult<string?>(null);

        await receiver.DisconnectAsync("42");

        Assert.Equal([$"{End}/fathom/webhooks/w1", End], gateway.Asked.TakeLast(2));
        Assert.Equal(410, await gateway.MeetingAsync(receiver));
    }

    /// <summary>Its server reads a body by the length alone. An answer 401 would blame the secret.</summary>
    [Fact]
    public async Task A_post_without_a_length_is_refused_as_such_by_the_Python_receiver()
    {
        await using var gateway = WebhookGateway.Start();
        await using var receiver = await gateway.ReceiverAsync("python3");

        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(receiver.Address, "/fathom-webhook?user=42"));
        request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        request.Headers.TransferEncodingChunked = true;
        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.LengthRequired, answer.StatusCode);
    }

    /// <summary>AddJwtBearer gives <c>sub</c> the longer name unless it is told otherwise.</summary>
    [Theory]
    [InlineData("sub")]
    [InlineData(ClaimTypes.NameIdentifier)]
    public async Task The_CSharp_route_disconnects_the_user_whom_either_claim_names(string claim)
    {
        await using var gateway = WebhookGateway.Start();
        await using var app = await StartedAsync(gateway, claim);
        using var client = new HttpClient();

        using var answer = await client.DeleteAsync(new Uri(new Uri(app.Urls.Single()), "/api/fathom"));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal([End], gateway.Asked);
    }

    /// <summary>A backend whose requests are all of user 42.</summary>
    private static async Task<WebApplication> StartedAsync(WebhookGateway gateway, string claim)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{FreePort.Next()}");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FATHOM_GATEWAY"] = gateway.Address.AbsoluteUri,
            ["INTERNAL_API_KEY"] = TestSettings.InternalApiKey,
            ["EVENTS_SECRET"] = gateway.Secret,
            ["FATHOM_WEBHOOK_URL"] = "https://app.example.com/fathom-webhook",
        });
        builder.Services.AddFathomEvents(builder.Configuration, (_, _) => Task.CompletedTask);
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(claim, "42")], "made up"));
            return next(context);
        });
        app.UseAuthorization();
        app.MapFathomEvents();
        await app.StartAsync();
        return app;
    }
}
