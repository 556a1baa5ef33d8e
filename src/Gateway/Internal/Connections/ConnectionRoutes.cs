using FathomGateway.Audit;
using FathomGateway.Internal.Relay;
using FathomGateway.Users;
using Microsoft.AspNetCore.Http.Features;

namespace FathomGateway.Internal.Connections;

/// <summary>Routes requests below <c>/connections/</c>, which need the API key.</summary>
internal sealed class ConnectionRoutes(
    InternalApiKey key, ConnectionEndpoint connection, AccessTokenEndpoint accessToken, RelayEndpoint relay, AuditLog audit)
{
    /// <summary>False, without a response, for a request that is not below <c>/connections/</c>, or where no key is set.</summary>
    public async Task<bool> HandleAsync(HttpContext context)
    {
        var rawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!key.IsSet || ConnectionPath.Parse(rawTarget) is not { } target) return false;

        await ApiKeyRoute.AnswerAsync(context, key, () => RouteAsync(context, target));
        return true;
    }

    private Task RouteAsync(HttpContext context, ConnectionPath target)
    {
        if (!UserId.TryParse(PercentEncoding.Decode(target.UserId), out var userId))
        {
            return InternalProblem.BadRequestAsync(
                context,
                $"The path names no user: percent-encode the id as UTF-8; it is neither blank nor longer than {UserId.MaxBytes} "
                    + "bytes, and holds no control characters.");
        }

        if (target.Is("")) return RecordedAsync(context, userId, "connection", connection.HandleAsync(context, userId));
        if (target.Is(AccessTokenEndpoint.Route))
        {
            return RecordedAsync(context, userId, "access-token", accessToken.HandleAsync(context, userId));
        }

        if (target.Below(RelayEndpoint.Route) is { } path)
        {
            return RecordedAsync(context, userId, "relay", relay.HandleAsync(context, userId, path, target.Query));
        }

        return InternalProblem.NoSuchRouteAsync(context);
    }

    private async Task RecordedAsync(HttpContext context, UserId userId, string action, Task handling)
    {
        await handling;
        audit.KeyUsed(userId, $"{context.Request.Method} {action}", $"{context.Response.StatusCode}");
    }
}
