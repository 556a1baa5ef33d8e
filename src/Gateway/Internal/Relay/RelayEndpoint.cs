using System.Net;
using FathomGateway.Fathom;
using FathomGateway.Proxy.Direct;
using FathomGateway.Telemetry;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;
using Microsoft.AspNetCore.Connections;
using Yarp.ReverseProxy.Forwarder;

namespace FathomGateway.Internal.Relay;

/// <summary>
/// <c>ANY /connections/{userId}/fathom/{**path}</c>: relays a request to the provider's API with the user's access token. When the provider
/// refuses the token, the gateway refreshes it and sends the request once more.
/// </summary>
internal sealed partial class RelayEndpoint(
    IHttpForwarder forwarder, FreshAccessToken tokens, RelayRateLimit limit, FathomOptions fathom, TimeProvider time,
    ILogger<RelayEndpoint> log) : IDisposable
{
    public const string Route = "/fathom";

    /// <summary>Time limit for a side that sends nothing. It is longer than the API's slowest calls.</summary>
    private static readonly ForwarderRequestConfig Limits = new()
    {
        ActivityTimeout = TimeSpan.FromSeconds(100),
        Version = HttpVersion.Version11,
    };

    private readonly HttpMessageInvoker _client = RelayClient.Create(fathom.ApiUrl, time);

    public async Task HandleAsync(HttpContext context, UserId userId, string path, string query)
    {
        if (RelayUrl.Create(fathom.ApiUrl, path, query) is not { } target)
        {
            await InternalProblem.BadRequestAsync(
                context, "The path holds a dot segment, plain or encoded: write the path of the API itself.");
            return;
        }

        if (!RequestChecks.IsForwardable(context)) return;
        await limit.WaitAsync(userId, context.RequestAborted);
        // 1. Try with the stored token.
        var found = await tokens.GetAsync(userId, rejectedVersion: null, context.RequestAborted);
        if (found is not AccessTokenResult.Granted first)
        {
            await WithoutTokenAsync(context, found);
            return;
        }

        AccessTokenResult? renewed = null;
        var mayRepeat = await ReplayableBody.KeepAsync(context);
        await SendAsync(context, new RelayTransformer(target, first.AccessToken, Noting(userId), async () =>
        {
            var next = await tokens.GetAsync(userId, first.Version, context.RequestAborted);
            // Where the body cannot be sent twice, the caller gets the 401, and its next request uses the new token. An unchanged version
            // means that this user has used up the forced refreshes, so the 401 is the response.
            if (next is AccessTokenResult.Granted granted && (!mayRepeat || granted.Version == first.Version)) return true;
            renewed = next;
            return false;
        }));
        if (renewed is null) return;

        // 2. Try with the new token. Its response is final.
        context.Response.Clear();
        if (renewed is not AccessTokenResult.Granted second)
        {
            await WithoutTokenAsync(context, renewed);
            return;
        }

        ReplayableBody.Rewind(context);
        await SendAsync(
            context, new RelayTransformer(target, second.AccessToken, Noting(userId), () => ValueTask.FromResult(true)));
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Records what the response to a request that is sent now says of the user's limit.</summary>
    private Action<HttpResponseMessage> Noting(UserId userId)
    {
        var sent = time.GetTimestamp();
        return answer => limit.Note(userId, answer, sent);
    }

    private static Task WithoutTokenAsync(HttpContext context, AccessTokenResult result) => result switch
    {
        AccessTokenResult.MustReconnect must =>
            InternalProblem.ReconnectRequiredAsync(context, StatusCodes.Status403Forbidden, must.Reconnect),
        AccessTokenResult.Unavailable unavailable => InternalProblem.UnavailableAsync(context, unavailable.RetryAfter),
        _ => InternalProblem.NotConnectedAsync(context),
    };

    private async Task SendAsync(HttpContext context, RelayTransformer attempt)
    {
        using var span = GatewaySpans.Provider(context.Request.Method, fathom.ApiUrl);
        var error = await forwarder.SendAsync(context, fathom.ApiUrl.AbsoluteUri, _client, Limits, attempt);
        // After an early response of the API, the caller need not send the rest of its body.
        if (attempt.HasEndedResponse) error = ForwarderError.None;
        GatewaySpans.End(span, error == ForwarderError.None ? "ok" : $"{error}");
        if (error == ForwarderError.None) return;
        var failure = context.GetForwarderErrorFeature()?.Exception;
        if (RelayFailure.HasCallerLeft(context, error, failure, attempt.HasCallerLeftFirst)) throw new ConnectionAbortedException();
        NotRelayed(log, error, failure?.GetType().Name ?? "no exception", RequestTraceId.Of(context));
        if (context.Response.HasStarted)
        {
            // YARP has aborted the response.
            ApiKeyRoute.NoteIncomplete(context);
            return;
        }

        var status = context.Response.StatusCode;
        context.Response.Clear();
        if (error == ForwarderError.RequestBodyClient)
        {
            await InternalProblem.BrokenBodyAsync(context, status);
            return;
        }

        await InternalProblem.WriteAsync(
            context,
            status,
            "not_relayed",
            "Not relayed",
            "The provider's API could not be reached, did not answer in time, or broke off.");
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "A request could not be relayed to the provider: {Error} ({Exception}, trace {TraceId}).")]
    private static partial void NotRelayed(ILogger log, ForwarderError error, string exception, string traceId);
}
