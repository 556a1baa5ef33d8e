using System.Text.Json;

namespace FathomGateway.Sandbox.Backend;

/// <summary>
/// What an app does with a connection: its own routes, for the user of its own JWT, answered through the gateway's internal listener.
/// </summary>
/// <remarks>
/// A user who is not connected, or has to connect again, is a normal answer here: 200 with <c>status</c>. Browsers log every 4xx in their
/// console as an error.
/// </remarks>
internal static class FathomEndpoints
{
    private const string ProblemJson = "application/problem+json";

    /// <summary><c>GET /api/fathom/connection</c>: is this user connected?</summary>
    public static Task<IResult> Connection(HttpContext context, SignInTokens tokens, GatewayInternalApi gateway) =>
        AnswerAsync(context, tokens, person => gateway.ConnectionAsync(person.Id, context.RequestAborted));

    /// <summary><c>DELETE /api/fathom/connection</c>: disconnects the user.</summary>
    public static Task<IResult> Disconnect(HttpContext context, SignInTokens tokens, GatewayInternalApi gateway) =>
        AnswerAsync(context, tokens, person => gateway.DisconnectAsync(person.Id, context.RequestAborted));

    /// <summary><c>GET /api/fathom/meetings</c>: the user's latest meetings, from Fathom's API.</summary>
    public static Task<IResult> Meetings(HttpContext context, SignInTokens tokens, GatewayInternalApi gateway) =>
        AnswerAsync(context, tokens, person => gateway.RelayAsync(person.Id, "meetings", context.RequestAborted));

    private static Task<IResult> AnswerAsync(HttpContext context, SignInTokens tokens, Func<Person, Task<GatewayAnswer>> ask) =>
        AccountEndpoints.ForPersonAsync(context, tokens, async person =>
        {
            var answer = await ask(person);
            return StatusOf(answer) is { } status ? Results.Json(new { status }) : answer.ToResult();
        });

    /// <summary>
    /// The status from the gateway's problem document where there is no usable connection. A 403 or 404 of Fathom's is no problem document.
    /// </summary>
    private static string? StatusOf(GatewayAnswer answer)
    {
        if (answer.MediaType != ProblemJson) return null;
        var error = JsonElement.Parse(answer.Text).TryGetProperty("error", out var word) ? word.GetString() : null;
        return error is "not_connected" or "reconnect_required" ? error : null;
    }
}
