using System.Net.Http.Headers;
using FathomGateway.Sandbox.Hosting;

namespace FathomGateway.Sandbox.Backend;

/// <summary>
/// The gateway's internal listener, as a backend knows it: an address and a key from its configuration. Tokens stay behind it.
/// </summary>
internal sealed class GatewayInternalApi(string key) : IDisposable
{
    private readonly HttpClient _http = LoopbackClient.Create();

    /// <summary>Set once the gateway listens, which in the sandbox is after the backend.</summary>
    public Uri? Address { get; set; }

    /// <summary>The status of the user's connection: JSON, or 404 while there is none.</summary>
    public Task<GatewayAnswer> ConnectionAsync(string userId, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, Route(userId), cancellation);

    /// <summary>Wipes the user's tokens.</summary>
    public Task<GatewayAnswer> DisconnectAsync(string userId, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, Route(userId), cancellation);

    /// <summary><c>GET</c> of a path of Fathom's API, with the user's token, which the gateway adds.</summary>
    public Task<GatewayAnswer> RelayAsync(string userId, string pathAndQuery, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, $"{Route(userId)}/fathom/{pathAndQuery}", cancellation);

    /// <summary>The first page of all connections.</summary>
    public Task<GatewayAnswer> ConnectionsAsync(CancellationToken cancellation) => SendAsync(HttpMethod.Get, "/connections", cancellation);

    /// <summary>A page of the events after one; an empty id starts at the first.</summary>
    public Task<GatewayAnswer> EventsAsync(string after, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, $"/events?limit=1000&after={Uri.EscapeDataString(after)}", cancellation);

    /// <summary>Delivers an event again at once, in any state.</summary>
    public Task<GatewayAnswer> RedeliverAsync(string eventId, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"/events/{Uri.EscapeDataString(eventId)}/redeliver", cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Route(string userId) => $"/connections/{Uri.EscapeDataString(userId)}";

    private async Task<GatewayAnswer> SendAsync(HttpMethod method, string target, CancellationToken cancellation)
    {
        if (Address is null) return new GatewayAnswer(StatusCodes.Status503ServiceUnavailable, "", null);
        using var request = new HttpRequestMessage(method, new Uri(Address, target));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await _http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return new GatewayAnswer((int)answer.StatusCode, text, answer.Content.Headers.ContentType?.MediaType);
    }
}

/// <summary>What the internal listener answered.</summary>
internal sealed record GatewayAnswer(int Status, string Text, string? MediaType)
{
    /// <summary>The same answer, passed on.</summary>
    public IResult ToResult() => Results.Text(Text, MediaType, statusCode: Status);
}
