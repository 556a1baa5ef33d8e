using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FathomGateway.Tests.Documents.Snippets;

/// <summary>The receiver in an app of ASP.NET Core.</summary>
public static class FathomRoutes
{
    /// <summary>A singleton, because it keeps in memory which webhooks there are and which work is under way.</summary>
    public static IServiceCollection AddFathomEvents(
        this IServiceCollection services, IConfiguration settings, Func<string, JsonElement, Task> onMeeting)
    {
        var address = settings["FATHOM_GATEWAY"] is { Length: > 0 } gateway ? gateway : "http://127.0.0.1:8081";
        var webhook = settings["FATHOM_WEBHOOK_URL"] is { Length: > 0 } url ? new Uri(url)
            : throw new ArgumentException("FATHOM_WEBHOOK_URL is not set.", nameof(settings));
        var client = FathomTokens.CreateClient(new Uri(address), settings["INTERNAL_API_KEY"]);
        return services.AddSingleton(new FathomEvents(client, settings["EVENTS_SECRET"], webhook, onMeeting));
    }

    /// <summary>Two routes for posts, which verify signatures and ask for no JWT, and one to disconnect the user of the JWT.</summary>
    public static void MapFathomEvents(this WebApplication app)
    {
        var events = app.Services.GetRequiredService<FathomEvents>();
        app.MapPost("/fathom-events", async (HttpRequest request) =>
            Results.StatusCode(events.Receive(name => request.Headers[name], await BodyAsync(request)))).AllowAnonymous();
        app.MapPost("/fathom-webhook", async (HttpRequest request, HttpResponse response) =>
        {
            var status = await events.ReceiveMeetingAsync(
                request.Query["user"], name => request.Headers[name], await BodyAsync(request));
            if (status == 503) response.Headers.RetryAfter = "60";
            return Results.StatusCode(status);
        }).AllowAnonymous();
        app.MapDelete("/api/fathom", async (ClaimsPrincipal user) =>
        {
            // The claim with the user id, as your JWT middleware names it. AddJwtBearer gives "sub" the second name, unless told otherwise.
            await events.DisconnectAsync((user.FindFirst("sub") ?? user.FindFirst(ClaimTypes.NameIdentifier))!.Value);
            return Results.NoContent();
        }).RequireAuthorization();
    }

    /// <summary>The bytes as they came: the signature is of these.</summary>
    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
