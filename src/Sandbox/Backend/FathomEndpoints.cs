using FathomGateway.Tokens;

namespace FathomGateway.Sandbox.Backend;

/// <summary>What an app does with a connection: its own routes, for the user of its own JWT, answered with the gateway's help.</summary>
internal static class FathomEndpoints
{
    /// <summary><c>GET /api/fathom/connection</c>: is this user connected?</summary>
    public static Task<IResult> Connection(HttpContext context, SignInTokens tokens, GatewayInternalApi gateway) =>
        AccountEndpoints.ForPersonAsync(context, tokens, person => gateway.ConnectionAsync(person.Id, context.RequestAborted));

    /// <summary><c>DELETE /api/fathom/connection</c>: disconnects the user.</summary>
    public static Task<IResult> Disconnect(HttpContext context, SignInTokens tokens, GatewayInternalApi gateway) =>
        AccountEndpoints.ForPersonAsync(context, tokens, person => gateway.DisconnectAsync(person.Id, context.RequestAborted));

    /// <summary><c>GET /api/fathom/meetings</c>: the user's latest meetings, from Fathom's API.</summary>
    public static Task<IResult> Meetings(HttpContext context, SignInTokens tokens, GatewayInternalApi gateway) =>
        AccountEndpoints.ForPersonAsync(context, tokens, person => gateway.RelayAsync(person.Id, "meetings", context.RequestAborted));
}
