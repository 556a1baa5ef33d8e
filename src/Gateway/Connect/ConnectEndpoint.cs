using FathomGateway.Audit;
using FathomGateway.Connect.Binding;
using FathomGateway.Connect.Clients;
using FathomGateway.Fathom;
using FathomGateway.State;
using FathomGateway.Telemetry;
using FathomGateway.Users;

namespace FathomGateway.Connect;

/// <summary><c>GET /fathom/connect</c>: answers the address of the provider's consent page for the user of the JWT.</summary>
internal sealed partial class ConnectEndpoint(
    UserAuthenticator signedInUser, ConnectRateLimits limits, IStateStore states, SignedState signedState, FathomOptions fathom,
    LinkBindingOptions link, TrustedProxies proxies, SenderDigest digest, AuditLog audit, GatewayMetrics metrics, ILogger<ConnectEndpoint> log)
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

        metrics.Connect(Word(context.Response.StatusCode));
    }

    private static string Word(int status) => status switch
    {
        StatusCodes.Status200OK => "started",
        StatusCodes.Status401Unauthorized => "unauthorized",
        StatusCodes.Status429TooManyRequests => "rate_limited",
        _ => "unavailable",
    };

    private async Task AnswerAsync(HttpContext context)
    {
        // 1. Who is asking?
        if (await signedInUser.FindAsync(context) is not { } userId)
        {
            await ConnectProblem.UnauthorizedAsync(context);
            return;
        }

        // 2. Not too often.
        if (limits.Connect.Check(userId) is { } wait)
        {
            metrics.RateLimited(Path);
            await ConnectProblem.TooManyAsync(context, wait);
            return;
        }

        // 3. Remember the request under a nonce that nobody can guess.
        var nonce = StateNonce.Create();
        var codeVerifier = fathom.Pkce == PkceMethod.S256 ? Pkce.CreateVerifier() : null;
        var sender = ClientInfo.Of(context, proxies);
        var state = sender.Begin(userId, codeVerifier, digest);
        if (link.Binding == LinkBinding.Cookie) state = state with { Binder = LinkBindingCookie.Ensure(context) };
        await states.SaveAsync(nonce, state, IStateStore.StateLifetime, context.RequestAborted);

        // 4. Say where to go. Never a redirect: the page asked by script, which could not follow one to another site.
        audit.ConnectStarted(userId, sender.Network);
        var page = new ConsentPage(AuthorizationRequest.Url(fathom, signedState.Write(userId, nonce), codeVerifier));
        await ConnectJson.WriteAsync(context, page, ConnectJson.Web.ConsentPage);
    }

    /// <summary>The body: <c>{"url": …}</c>.</summary>
    internal sealed record ConsentPage(string Url);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A request to connect was turned away because a part that it needs cannot be reached (trace {TraceId}).")]
    private static partial void Unavailable(ILogger log, string traceId, Exception failure);
}
