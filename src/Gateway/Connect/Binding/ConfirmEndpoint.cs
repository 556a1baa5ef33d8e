using System.Text.Json;
using System.Text.Json.Serialization;
using FathomGateway.Connect.Callback;
using FathomGateway.Connect.Clients;
using FathomGateway.Settings.Responses;
using FathomGateway.State;
using FathomGateway.Telemetry;
using FathomGateway.Users;

namespace FathomGateway.Connect.Binding;

/// <summary><c>POST /fathom/confirm</c>: the user of the JWT confirms the link of a handle.</summary>
internal sealed partial class ConfirmEndpoint(
    UserAuthenticator authenticator, ConnectRateLimits limits, LinkConfirmation confirmation, TrustedProxies proxies,
    GatewayMetrics metrics, ILogger<ConfirmEndpoint> log)
{
    public const string Path = "/fathom/confirm";

    /// <summary>Largest body in bytes. A handle has at most 512 characters.</summary>
    private const int MaxBodyBytes = 4096;

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await ConnectProblem.MethodNotAllowedAsync(context, HttpMethods.Post);
            return;
        }

        try
        {
            await AnswerAsync(context);
        }
        catch (Exception failure) when (failure is StateStoreUnavailableException or AuthenticationUnavailableException)
        {
            Unavailable(log, RequestTraceId.Of(context), failure);
            await ConnectProblem.UnavailableAsync(context);
        }
        catch (BadHttpRequestException broken)
        {
            await ConnectProblem.BrokenBodyAsync(context, broken);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (await authenticator.FindAsync(context) is not { } user)
        {
            await ConnectProblem.UnauthorizedAsync(context);
        }
        else if (limits.Confirm.Check(user) is { } wait)
        {
            metrics.RateLimited(Path);
            await ConnectProblem.TooManyAsync(context, wait);
        }
        else if (!context.Request.HasJsonContentType())
        {
            await ConnectProblem.NotJsonAsync(context);
        }
        else if (await RequestBodyLimit.ReadAsync(context, MaxBodyBytes) is not { } body)
        {
            await ConnectProblem.BodyTooLargeAsync(context);
        }
        else if (Handle(body) is not { } handle)
        {
            await ConnectProblem.NoHandleAsync(context);
        }
        else
        {
            await WriteAsync(
                context, await confirmation.ConfirmAsync(handle, user, ClientInfo.Of(context, proxies), context.RequestAborted));
        }
    }

    private static Task WriteAsync(HttpContext context, CallbackOutcome outcome)
    {
        if (outcome.IsFailure) return ConnectProblem.AttemptFailedAsync(context, outcome);
        return JsonResponse.WriteAsync(context, new Confirmed(outcome.Code), ConnectJson.Web.Confirmed);
    }

    private static string? Handle(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, ConfirmContext.Default.ConfirmRequest)?.Handle;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The body: <c>{"status":"connected"}</c>.</summary>
    internal sealed record Confirmed(string Status);

    internal sealed record ConfirmRequest([property: JsonPropertyName("handle")] string? Handle);

    [JsonSourceGenerationOptions(AllowDuplicateProperties = false)]
    [JsonSerializable(typeof(ConfirmRequest))]
    private sealed partial class ConfirmContext : JsonSerializerContext;

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A confirmation was answered 503 because a store or the backend is unavailable (trace {TraceId}).")]
    private static partial void Unavailable(ILogger log, string traceId, Exception failure);
}
