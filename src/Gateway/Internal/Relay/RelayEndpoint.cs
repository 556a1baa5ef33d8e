using System.Net;
using FathomGateway.Backend;
using FathomGateway.Backend.Messages;
using FathomGateway.Fathom;
using FathomGateway.Proxy.Direct;
using FathomGateway.Telemetry;
using FathomGateway.Tokens.Refresh;
using FathomGateway.Users;
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

    // The relay runs on the thread pool, because its other waits may take long.
    private readonly HttpMessageInvoker _client = new(new Http11Handler(new BackendPools(time, inline: false)));

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
        await SendAsync(context, new RelayTransformer(target, first.AccessToken, answer => limit.Note(userId, answer), async () =>
        {
            // Where the body cannot be sent twice, the caller gets the 401, and its next request uses a new token.
            var next = await tokens.GetAsync(userId, first.Version, context.RequestAborted);
            // An unchanged version means that this user has used up the forced refreshes, so the 401 is the response.
            if (!mayRepeat || next is AccessTokenResult.Granted same && same.Version == first.Version) return true;
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
            context,
            new RelayTransformer(target, second.AccessToken, answer => limit.Note(userId, answer), () => ValueTask.FromResult(true)));
    }

    public void Dispose() => _client.Dispose();

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
        GatewaySpans.End(span, error == ForwarderError.None ? "ok" : $"{error}");
        if (error == ForwarderError.None || context.RequestAborted.IsCancellationRequested) return;
        var exception = context.GetForwarderErrorFeature()?.Exception?.GetType().Name ?? "no exception";
        NotRelayed(log, error, exception, RequestTraceId.Of(context));
        if (context.Response.HasStarted) return;
        var status = context.Response.StatusCode;
        context.Response.Clear();
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
