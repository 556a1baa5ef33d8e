using System.Globalization;
using FathomGateway.Settings.Responses;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;
using Microsoft.Extensions.Primitives;

namespace FathomGateway.Internal.Connections;

/// <summary><c>GET /connections/{userId}/access-token</c>: returns a valid access token.</summary>
internal sealed class AccessTokenEndpoint(FreshAccessToken tokens)
{
    public const string Route = "/access-token";
    private const string RejectedVersionName = "rejected_version";

    public async Task HandleAsync(HttpContext context, UserId userId)
    {
        if (!TryReadRejectedVersion(context.Request.Query[RejectedVersionName], out var rejectedVersion))
        {
            await InternalProblem.BadRequestAsync(
                context, $"{RejectedVersionName} is the version that came with the refused token: one whole number.");
            return;
        }

        await (await tokens.GetAsync(userId, rejectedVersion, context.RequestAborted) switch
        {
            AccessTokenResult.Granted granted => JsonResponse.WriteAsync(
                context,
                new IssuedToken(granted.AccessToken, "Bearer", granted.ExpiresAt, granted.Version),
                InternalJson.Default.IssuedToken),
            AccessTokenResult.MustReconnect must =>
                InternalProblem.ReconnectRequiredAsync(context, StatusCodes.Status409Conflict, must.Reconnect),
            AccessTokenResult.Unavailable unavailable => InternalProblem.UnavailableAsync(context, unavailable.RetryAfter),
            _ => InternalProblem.NotConnectedAsync(context),
        });
    }

    private static bool TryReadRejectedVersion(StringValues sent, out long? version)
    {
        version = null;
        if (sent.Count == 0) return true;
        if (sent.Count > 1 || !long.TryParse(sent[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        version = number;
        return true;
    }

    internal sealed record IssuedToken(string AccessToken, string TokenType, DateTimeOffset ExpiresAt, long Version);
}
