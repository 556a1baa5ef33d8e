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

        var (handle, record) = Route(context, target);
        await ApiKeyRoute.AnswerAsync(context, key, handle, record);
        return true;
    }

    private (Func<Task> Handle, Action<string>? Record) Route(HttpContext context, ConnectionPath target)
    {
        var isConnection = target.Is("");
        var text = PercentEncoding.Decode(target.UserId);
        // A row whose id would be refused today can be shown and deleted.
        if (!(isConnection ? UserId.TryParseStored(text, out var userId) : UserId.TryParse(text, out userId)))
        {
            return (() => InternalProblem.BadRequestAsync(
                context,
                $"The path names no user: percent-encode the id as UTF-8; it is neither blank nor longer than {UserId.MaxBytes} "
                    + "bytes, and holds no control characters."), null);
        }

        if (isConnection) return Recorded("connection", () => connection.HandleAsync(context, userId));
        if (target.Is(AccessTokenEndpoint.Route))
        {
            return Recorded("access-token", () => GetRoute.AnswerAsync(context, _ => accessToken.HandleAsync(context, userId)));
        }

        if (target.Below(RelayEndpoint.Route) is { } path)
        {
            return Recorded("relay", () => relay.HandleAsync(context, userId, path, target.Query));
        }

        return (() => InternalProblem.NoSuchRouteAsync(context), null);

        (Func<Task>, Action<string>?) Recorded(string action, Func<Task> handle) =>
            (handle, outcome => audit.KeyUsed(userId, $"{context.Request.Method} {action}", outcome));
    }
}
