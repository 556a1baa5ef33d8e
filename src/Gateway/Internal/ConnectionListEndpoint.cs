using FathomGateway.Tokens;

namespace FathomGateway.Internal;

/// <summary><c>GET /connections</c>: who is connected, page by page.</summary>
internal sealed class ConnectionListEndpoint(ConnectionList list)
{
    public const string Route = "/connections";
    private const string StatusName = "status";
    private const string Allowed = "GET, HEAD";

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            await InternalProblem.MethodNotAllowedAsync(context, Allowed);
            return;
        }

        var status = context.Request.Query[StatusName];
        if (status.Count > 1 || status is not ([] or [null or "" or ConnectionStatus.Connected or ConnectionStatus.ReconnectRequired]))
        {
            await InternalProblem.BadRequestAsync(
                context, $"{StatusName} is {ConnectionStatus.Connected} or {ConnectionStatus.ReconnectRequired}, once.");
            return;
        }

        if (Paging.Read(context.Request.Query) is not { } paging)
        {
            await Paging.RefuseAsync(context);
            return;
        }

        var wanted = string.IsNullOrEmpty(status) ? null : (string?)status;
        var page = await list.PageAsync(wanted, paging.After ?? "", paging.Limit, context.RequestAborted);
        await InternalJson.WriteAsync(context, new Answer([.. page.Connections.Select(Shown.Of)], page.Next));
    }

    private sealed record Answer(Shown[] Connections, string? Next);

    /// <summary>Never a token.</summary>
    private sealed record Shown(
        string UserId, string Status, DateTimeOffset ConnectedAt, DateTimeOffset ExpiresAt, string? Scope, long Version, string? Reason)
    {
        public static Shown Of(ListedConnection listed)
        {
            var row = listed.Connection;
            return new Shown(
                row.UserId.Value, listed.Status, row.ConnectedAt.ToUniversalTime(), row.ExpiresAt.ToUniversalTime(), row.Scope, row.Version,
                listed.Reconnect?.Reason);
        }
    }
}
