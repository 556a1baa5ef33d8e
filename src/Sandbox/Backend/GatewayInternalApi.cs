using System.Net.Http.Headers;

namespace FathomGateway.Sandbox.Backend;

/// <summary>
/// The gateway's internal listener, as a backend knows it: an address and a key from its configuration. Tokens stay behind it.
/// </summary>
internal sealed class GatewayInternalApi(string key) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    /// <summary>Known when the gateway listens, which in the sandbox is after the backend.</summary>
    public Uri? Address { get; set; }

    /// <summary>The status of the user's connection: JSON, or 404 while there is none.</summary>
    public Task<IResult> ConnectionAsync(string userId, CancellationToken cancellation) => SendAsync(HttpMethod.Get, userId, "", cancellation);

    /// <summary>Wipes the user's tokens.</summary>
    public Task<IResult> DisconnectAsync(string userId, CancellationToken cancellation) => SendAsync(HttpMethod.Delete, userId, "", cancellation);

    /// <summary><c>GET</c> of a path of Fathom's API, with the user's token, which the gateway adds.</summary>
    public Task<IResult> RelayAsync(string userId, string pathAndQuery, CancellationToken cancellation) => SendAsync(HttpMethod.Get, userId, $"/fathom/{pathAndQuery}", cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<IResult> SendAsync(HttpMethod method, string userId, string rest, CancellationToken cancellation)
    {
        if (Address is null) return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        using var request = new HttpRequestMessage(method, new Uri(Address, $"/connections/{Uri.EscapeDataString(userId)}{rest}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await _http.SendAsync(request, cancellation);
        return Results.Text(await answer.Content.ReadAsStringAsync(cancellation), answer.Content.Headers.ContentType?.MediaType, statusCode: (int)answer.StatusCode);
    }
}
