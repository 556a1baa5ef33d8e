using FathomGateway.Settings.Responses;
using FathomGateway.Tokens;

namespace FathomGateway.Internal.Connections;

/// <summary><c>GET /connections</c>: lists connections, page by page.</summary>
internal sealed class ConnectionListEndpoint(ConnectionList list)
{
    public const string Route = "/connections";
    private const string StatusName = "status";

    public async Task HandleAsync(HttpContext context)
    {
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
        await JsonResponse.WriteAsync(context, page, InternalJson.Default.ConnectionPage);
    }
}
