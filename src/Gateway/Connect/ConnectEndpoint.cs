using FathomGateway.Audit;
using FathomGateway.Connect.Binding;
using FathomGateway.Connect.Clients;
using FathomGateway.Fathom;
using FathomGateway.Settings.Responses;
using FathomGateway.State;
using FathomGateway.Telemetry;
using FathomGateway.Users;

namespace FathomGateway.Connect;

/// <summary><c>GET /fathom/connect</c>: returns the authorization request's address for the user of the JWT.</summary>
internal sealed partial class ConnectEndpoint(
    UserAuthenticator authenticator, ConnectRateLimits limits, IStateStore states, SignedState signedState, FathomOptions fathom,
    AuthorizationRequest authorization, LinkBindingOptions link, TrustedProxies proxies, SenderDigest digest, AuditLog audit,
    GatewayMetrics metrics, ILogger<ConnectEndpoint> log)
{
    public const string Path = "/fathom/connect";

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await ConnectProblem.MethodNotAllowedAsync(context);
            return;
        }

        if (!GatewayRoutes.HasShortQuery(context))
        {
            await ConnectProblem.QueryTooLongAsync(context);
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

        metrics.Connect(Label(context.Response.StatusCode));
    }

    private static string Label(int status) => status switch
    {
        StatusCodes.Status200OK => "started",
        StatusCodes.Status401Unauthorized => "unauthorized",
        StatusCodes.Status429TooManyRequests => "rate_limited",
        _ => "unavailable",
    };

    private async Task AnswerAsync(HttpContext context)
    {
        // 1. Authenticate the user.
        if (await authenticator.FindAsync(context) is not { } userId)
        {
            await ConnectProblem.UnauthorizedAsync(context);
            return;
        }

        // 2. Limit the rate per user.
        if (limits.Connect.Check(userId) is { } wait)
        {
            metrics.RateLimited(Path);
            await ConnectProblem.TooManyAsync(context, wait);
            return;
        }

        // 3. Save the state under a random nonce.
        var nonce = StateNonce.Create();
        var codeVerifier = fathom.CreateCodeVerifier();
        var sender = ClientInfo.Of(context, proxies);
        var state = sender.Begin(userId, codeVerifier, digest);
        if (link.Binding == LinkBinding.Cookie) state = state with { Binder = LinkBindingCookie.Ensure(context) };
        await states.SaveAsync(nonce, state, IStateStore.StateLifetime, context.RequestAborted);

        // 4. Return the address. A script could not follow a redirect to another site.
        audit.ConnectStarted(userId, sender.Network);
        var page = new ConsentPage(authorization.Url(signedState.Write(userId, nonce), codeVerifier));
        await JsonResponse.WriteAsync(context, page, ConnectJson.Web.ConsentPage);
    }

    /// <summary>The body: <c>{"url": …}</c>.</summary>
    internal sealed record ConsentPage(string Url);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A request to connect was answered 503 because a store or the backend is unavailable (trace {TraceId}).")]
    private static partial void Unavailable(ILogger log, string traceId, Exception failure);
}
