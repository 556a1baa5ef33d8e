using System.Text.Json;
using System.Text.Json.Serialization;
using FathomGateway.State;
using FathomGateway.Telemetry;
using FathomGateway.Users;

namespace FathomGateway.Connect;

/// <summary><c>POST /fathom/confirm</c>: the user of the JWT says that the link which a handle names is theirs.</summary>
internal sealed partial class ConfirmEndpoint(
    SignedInUser signedInUser, RateLimits limits, Confirmation confirmation, TrustedProxies proxies, ILogger<ConfirmEndpoint> log)
{
    public const string Path = "/fathom/confirm";

    /// <summary>Largest body in bytes; a handle has 512 characters at most.</summary>
    private const int LargestBody = 4096;

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await Problem.MethodNotAllowedAsync(context, HttpMethods.Post);
            return;
        }

        try
        {
            await AnswerAsync(context);
        }
        catch (Exception failure) when (failure is StateStoreUnavailableException or UserUnknownException)
        {
            Unavailable(log, RequestTrace.Of(context), failure);
            await Problem.UnavailableAsync(context);
        }
        catch (BadHttpRequestException broken)
        {
            await Problem.BrokenBodyAsync(context, broken);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (await signedInUser.FindAsync(context) is not { } user)
        {
            await Problem.UnauthorizedAsync(context);
        }
        else if (limits.Confirm.Check(user) is { } wait)
        {
            await Problem.TooManyAsync(context, wait);
        }
        else if (!context.Request.HasJsonContentType())
        {
            await Problem.NotJsonAsync(context);
        }
        else if (await SmallBody.ReadAsync(context, LargestBody) is not { } body)
        {
            await Problem.BodyTooLargeAsync(context);
        }
        else if (Handle(body) is not { } handle)
        {
            await Problem.NoHandleAsync(context);
        }
        else
        {
            await WriteAsync(context, await confirmation.ConfirmAsync(handle, user, Sender.Of(context, proxies), context.RequestAborted));
        }
    }

    private static Task WriteAsync(HttpContext context, CallbackOutcome outcome)
    {
        if (outcome.IsFailure) return Problem.NotConnectedAsync(context, outcome);
        return ConnectJson.WriteAsync(context, new Confirmed(outcome.Code), ConnectJson.Web.Confirmed);
    }

    private static string? Handle(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, ConfirmContext.Default.Question)?.Handle;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The body: <c>{"status":"connected"}</c>.</summary>
    internal sealed record Confirmed(string Status);

    internal sealed record Question([property: JsonPropertyName("handle")] string? Handle);

    [JsonSourceGenerationOptions(AllowDuplicateProperties = false)]
    [JsonSerializable(typeof(Question))]
    private sealed partial class ConfirmContext : JsonSerializerContext;

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A confirmation was turned away because a part that it needs cannot be reached (trace {TraceId}).")]
    private static partial void Unavailable(ILogger log, string traceId, Exception failure);
}
