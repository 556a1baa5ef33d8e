using System.Text.Json.Serialization;
using FathomGateway.Audit;
using FathomGateway.Settings.Responses;
using FathomGateway.Tokens;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;

namespace FathomGateway.Internal.Connections;

/// <summary><c>/connections/{userId}</c>: shows a user's connection, or deletes it.</summary>
internal sealed class ConnectionEndpoint(ConnectionStore store, StoredAccessToken stored, Disconnection disconnection)
{
    private const string Allowed = "GET, HEAD, DELETE";

    public Task HandleAsync(HttpContext context, UserId userId) => context.Request.Method switch
    {
        "GET" or "HEAD" => ShowAsync(context, userId),
        "DELETE" => DisconnectAsync(context, userId),
        _ => InternalProblem.MethodNotAllowedAsync(context, Allowed),
    };

    private async Task ShowAsync(HttpContext context, UserId userId)
    {
        if (await store.ReadAsync(userId, context.RequestAborted) is not { Connection: var row } snapshot)
        {
            await InternalProblem.NotConnectedAsync(context);
            return;
        }

        var reconnect = stored.ReconnectOf(snapshot);
        var shown = new Shown(
            userId.Value, ConnectionStatus.Of(reconnect), row.ConnectedAt, row.ExpiresAt, row.Scope, row.Version, reconnect?.Reason,
            reconnect?.At);
        await JsonResponse.WriteAsync(context, shown, InternalJson.Default.Shown);
    }

    /// <summary>
    /// Continues when the caller disconnects. A deletion that was stopped in between would leave a valid grant at the provider, without a
    /// record of it.
    /// </summary>
    private async Task DisconnectAsync(HttpContext context, UserId userId)
    {
        var result = await disconnection.DisconnectAsync(userId, DisconnectActor.Api, CancellationToken.None);
        var revoked = ProviderRevoked.Code(result);
        await (revoked is null
            ? InternalProblem.NotConnectedAsync(context)
            : JsonResponse.WriteAsync(context, new Ended(revoked), InternalJson.Default.Ended));
    }

    /// <summary>Holds no token. The last two members exist only where the user has to connect again.</summary>
    internal sealed record Shown(
        string UserId,
        string Status,
        DateTimeOffset ConnectedAt,
        DateTimeOffset ExpiresAt,
        string? Scope,
        long Version,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ReconnectReason,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ReconnectAt);

    internal sealed record Ended(string ProviderRevoked);
}
