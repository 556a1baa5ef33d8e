using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox.Provider;

/// <summary>Webhooks that apps have registered, and the posts to them: signed after Standard Webhooks, as the real Fathom's are.</summary>
internal sealed class Webhooks(TimeProvider clock) : IDisposable
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly ConcurrentDictionary<string, (Account Account, Webhook Webhook)> _registered = [];
    private readonly HttpClient _http = LoopbackClient.Create();

    /// <summary>Those that are registered now.</summary>
    public IReadOnlyList<Webhook> Registered => [.. _registered.Values.Select(one => one.Webhook)];

    /// <summary><c>POST /v1/webhooks</c>: registers one for the account of the token. Its secret is returned only here.</summary>
    public IResult Register(HttpContext context, BearerAccess access, WebhookRequest request) => access.Answer(context, account =>
    {
        if (request.DestinationUrl is not { IsAbsoluteUri: true } destination)
            return Results.Json(new { Error = "invalid_destination_url" }, statusCode: StatusCodes.Status400BadRequest);
        if (request.TriggeredFor is not { Count: > 0 })
            return Results.Json(new { Error = "invalid_triggered_for" }, statusCode: StatusCodes.Status400BadRequest);

        var webhook = new Webhook(Secret.New("wh_"), destination, WebhookSignature.NewSecret(), clock.GetUtcNow());
        _registered[webhook.Id] = (account, webhook);
        return Results.Json(webhook, statusCode: StatusCodes.Status201Created);
    });

    /// <summary><c>DELETE /v1/webhooks/{id}</c>: 204, or 404 for one that the account does not have.</summary>
    public IResult Delete(HttpContext context, BearerAccess access, string id) => access.Answer(context, account =>
        _registered.TryGetValue(id, out var found) && found.Account == account && _registered.TryRemove(id, out _)
            ? Results.NoContent()
            : Results.NotFound());

    /// <summary>Posts a meeting to every webhook of the account, as happens when a recording is ready.</summary>
    /// <returns>The statuses of the answers.</returns>
    public async Task<IReadOnlyList<int>> NotifyAsync(Account account, Meeting meeting, CancellationToken cancellation)
    {
        var statuses = new List<int>();
        foreach (var (owner, webhook) in _registered.Values.Where(one => one.Account == account))
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(MeetingsEndpoint.Shown(meeting, owner), Json);
            using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            foreach (var (name, value) in WebhookSignature.Sign(webhook.Secret, Secret.New("msg_"), clock.GetUtcNow(), body))
                request.Headers.Add(name, value);
            using var answer = await _http.SendAsync(request, cancellation);
            statuses.Add((int)answer.StatusCode);
        }

        return statuses;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}

/// <summary>A webhook as the API answers it.</summary>
internal sealed record Webhook(string Id, Uri Url, string Secret, DateTimeOffset CreatedAt);

/// <summary>Body of <c>POST /v1/webhooks</c>, as far as the stand-in reads it.</summary>
/// <param name="TriggeredFor">Whose recordings cause a post. The real Fathom requires at least one kind.</param>
internal sealed record WebhookRequest(Uri? DestinationUrl, IReadOnlyList<string>? TriggeredFor);
