using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FathomGateway.Internal.Connections;
using FathomGateway.Telemetry;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Connect;

/// <summary>
/// What the frontend may see and do where <c>PUBLIC_STATUS</c> is on, for the user of the JWT: <c>GET /fathom/status</c>
/// and <c>DELETE /fathom/connection</c>.
/// </summary>
internal sealed partial class ConnectionStatusEndpoints(
    UserAuthenticator signedInUser, ConnectionStore store, StoredAccessToken stored, Disconnection disconnection,
    ILogger<ConnectionStatusEndpoints> log)
{
    public const string SettingName = "PUBLIC_STATUS";
    public const string StatusPath = "/fathom/status";
    public const string ConnectionPath = "/fathom/connection";

    public Task ShowAsync(HttpContext context) => ForUserAsync(context, HttpMethods.Get, ConnectJson.Web.Status, async userId =>
        await store.ReadAsync(userId, context.RequestAborted) switch
        {
            null => new Status("not_connected", null),
            var reading when stored.ReconnectOf(reading) is { } reconnect =>
                new Status("reconnect_required", reconnect.At.ToUniversalTime()),
            var reading => new Status("connected", reading.Connection.ConnectedAt.ToUniversalTime()),
        });

    public Task DisconnectAsync(HttpContext context) => ForUserAsync(
        context, HttpMethods.Delete, ConnectJson.Web.DictionaryStringString, async userId =>
        // Goes through with it when the tab is closed meanwhile.
        ProviderRevoked.Word(await disconnection.DisconnectAsync(userId, CancellationToken.None)) is { } word
            ? new Dictionary<string, string> { [ProviderRevoked.MemberName] = word }
            : null);

    /// <param name="answer">The body, or null where there is no connection to speak of.</param>
    private async Task ForUserAsync<T>(HttpContext context, string method, JsonTypeInfo<T> type, Func<UserId, Task<T?>> answer)
        where T : class
    {
        if (!HttpMethods.Equals(context.Request.Method, method))
        {
            await ConnectProblem.MethodNotAllowedAsync(context, method);
            return;
        }

        try
        {
            if (await signedInUser.FindAsync(context) is not { } userId)
            {
                await ConnectProblem.UnauthorizedAsync(context);
                return;
            }

            if (await answer(userId) is not { } body)
            {
                await ConnectProblem.NotConnectedAsync(context);
                return;
            }

            await ConnectJson.WriteAsync(context, body, type);
        }
        catch (Exception failure) when (failure is ConnectionStoreUnavailableException or AuthenticationUnavailableException)
        {
            Unavailable(log, RequestTraceId.Of(context), failure);
            await ConnectProblem.UnavailableAsync(context);
        }
    }

    /// <param name="Since">When it became so; null where the user was never connected, or is no more.</param>
    internal sealed record Status([property: JsonPropertyName("status")] string Name, DateTimeOffset? Since);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A request about a connection was turned away because a part that it needs cannot be reached (trace {TraceId}).")]
    private static partial void Unavailable(ILogger log, string traceId, Exception failure);
}
