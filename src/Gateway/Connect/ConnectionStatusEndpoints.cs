using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FathomGateway.Audit;
using FathomGateway.Settings.Responses;
using FathomGateway.Telemetry;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Connect;

/// <summary>
/// The frontend's routes of <c>PUBLIC_STATUS</c> for the user of the JWT: <c>GET /fathom/status</c> and <c>DELETE /fathom/connection</c>.
/// </summary>
internal sealed partial class ConnectionStatusEndpoints(
    UserAuthenticator authenticator, ConnectionStore store, StoredAccessToken stored, Disconnection disconnection,
    ILogger<ConnectionStatusEndpoints> log)
{
    public const string PublicStatusName = "PUBLIC_STATUS";
    public const string StatusPath = "/fathom/status";
    public const string ConnectionPath = "/fathom/connection";

    public Task ShowAsync(HttpContext context) => ForUserAsync(context, HttpMethods.Get, ConnectJson.Web.Status, async userId =>
        await store.ReadAsync(userId, context.RequestAborted) switch
        {
            null => new Status("not_connected", null),
            var snapshot when stored.ReconnectOf(snapshot) is { } reconnect =>
                new Status("reconnect_required", reconnect.At),
            var snapshot => new Status("connected", snapshot.Connection.ConnectedAt),
        });

    public Task DisconnectAsync(HttpContext context) => ForUserAsync(
        context, HttpMethods.Delete, ConnectJson.Web.DictionaryStringString, async userId =>
        // Continues when the tab is closed.
        ProviderRevoked.Code(await disconnection.DisconnectAsync(userId, DisconnectActor.User, CancellationToken.None)) is { } code
            ? new Dictionary<string, string> { [ProviderRevoked.MemberName] = code }
            : null);

    /// <param name="answer">Returns the body, or null where there is no connection.</param>
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
            if (await authenticator.FindAsync(context) is not { } userId)
            {
                await ConnectProblem.UnauthorizedAsync(context);
                return;
            }

            if (await answer(userId) is not { } body)
            {
                await ConnectProblem.NoConnectionAsync(context);
                return;
            }

            await JsonResponse.WriteAsync(context, body, type);
        }
        catch (Exception failure) when (failure is ConnectionStoreUnavailableException or AuthenticationUnavailableException)
        {
            Unavailable(log, RequestTraceId.Of(context), failure);
            await ConnectProblem.UnavailableAsync(context);
        }
    }

    /// <param name="Since">Time of the change; null where the user is not connected.</param>
    internal sealed record Status([property: JsonPropertyName("status")] string Name, DateTimeOffset? Since);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A request about a connection was answered 503 because a store or the backend is unavailable (trace {TraceId}).")]
    private static partial void Unavailable(ILogger log, string traceId, Exception failure);
}
