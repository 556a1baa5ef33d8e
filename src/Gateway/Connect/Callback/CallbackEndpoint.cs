using FathomGateway.Connect.Clients;
using FathomGateway.Fathom;

namespace FathomGateway.Connect.Callback;

/// <summary><c>GET /fathom/callback</c>: processes the authorization response and redirects the browser to the frontend.</summary>
internal sealed partial class CallbackEndpoint(
    AuthorizationResponseHandler handler, FrontendOptions frontend, TrustedProxies proxies, ILogger<CallbackEndpoint> log)
{
    public const string Path = FathomSettings.CallbackPath;

    /// <summary>The field of the Fetch standard, and older ones of Chromium, Safari and Firefox.</summary>
    private static readonly string[] PurposeFields = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"];

    private static readonly string[] Purposes = ["prefetch", "prerender", "preview"];

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await ConnectProblem.MethodNotAllowedAsync(context);
            return;
        }

        SetHeaders(context.Response.Headers);
        if (IsPrefetch(context.Request.Headers))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var query = await ResultQueryAsync(context);
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = frontend.ReturnUrl + query;
    }

    private async Task<string> ResultQueryAsync(HttpContext context)
    {
        if (!GatewayRoutes.HasShortQuery(context)) return CallbackOutcome.InvalidState.Query;
        try
        {
            return await handler.HandleAsync(
                AuthorizationResponse.Read(context.Request.Query), ClientInfo.Of(context, proxies), context.RequestAborted);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !context.RequestAborted.IsCancellationRequested)
        {
            // Any exception: the user must return to the app after every failure.
            Broken(log, failure);
            return CallbackOutcome.TemporarilyUnavailable.Query;
        }
    }

    /// <summary>Keeps code and state out of caches and of the frontend's Referer (RFC 9700, section 4.2).</summary>
    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>A prefetch must not use the code. The real visit follows later.</summary>
    private static bool IsPrefetch(IHeaderDictionary headers) => Array.Exists(PurposeFields, name => headers[name].Any(IsPrefetchPurpose));

    private static bool IsPrefetchPurpose(string? value) =>
        value is not null && Array.Exists(Purposes, purpose => value.Contains(purpose, StringComparison.OrdinalIgnoreCase));

    [LoggerMessage(Level = LogLevel.Error, Message = "A callback failed with an unexpected exception.")]
    private static partial void Broken(ILogger log, Exception failure);
}
