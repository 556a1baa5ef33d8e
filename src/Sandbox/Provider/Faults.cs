using System.Globalization;
using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Show;

namespace FathomGateway.Sandbox.Provider;

/// <summary>Middleware in front of the stand-in's endpoints that simulates the chosen fault.</summary>
internal sealed class Faults(ProviderSettings settings) : IDisposable
{
    /// <summary>Marks a request whose connection was reset.</summary>
    public const string WasReset = "hung up";

    private const string AuthorizePath = "/v1/oauth/authorize", TokenPath = "/v1/oauth/token";
    private const int RetryAfterSeconds = 5; // The gateway delays refreshes for as long, so the wait in a sandbox is short.

    // Long enough to be seen, and within the timeout of the gateway.
    private static readonly TimeSpan SlowAnswerDelay = TimeSpan.FromSeconds(4);

    private readonly HttpClient _scanner = LoopbackClient.Create(GatewayHops.FathomAgent);

    /// <summary>The fault to simulate.</summary>
    public Fault Current { get; set; }

    /// <summary>Handles a request, or passes it on.</summary>
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var (request, fails) = (context.Request, false);
        switch (request.Method, request.Path.Value)
        {
            case ("GET", AuthorizePath)
                when Current == Fault.Deny && AuthorizationRequest.FindRedirectFault(request.Query, settings) is null:
                context.Response.Redirect(AuthorizationRequest.From(request.Query).ErrorUrl("access_denied"));
                return;
            case ("POST", TokenPath) when request.HasFormContentType:
                fails = await FailsAsync(context);
                break;
        }

        if (fails) return;
        await next(context);
        var isDecided = request is { Method: "POST", Path.Value: AuthorizePath };
        if (isDecided && Current == Fault.Twice && context.Response.Headers.Location is [{ } callback])
            using (await _scanner.GetAsync(new Uri(callback), context.RequestAborted)) { }
    }

    /// <inheritdoc/>
    public void Dispose() => _scanner.Dispose();

    private async Task<bool> FailsAsync(HttpContext context)
    {
        var response = context.Response;
        switch (Current)
        {
            case Fault.Slow:
                await Task.Delay(SlowAnswerDelay, context.RequestAborted);
                return false;
            case Fault.Error:
                response.StatusCode = StatusCodes.Status500InternalServerError;
                return true;
            case Fault.Garbage:
                response.ContentType = "text/html";
                await response.WriteAsync("<!doctype html><title>Down for maintenance</title>", context.RequestAborted);
                return true;
            case Fault.Limit:
                response.StatusCode = StatusCodes.Status429TooManyRequests;
                response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                return true;
            case Fault.Reset:
                context.Items[WasReset] = true;
                context.Abort();
                return true;
            case Fault.Refuse when (await context.Request.ReadFormAsync(context.RequestAborted))["grant_type"] == "refresh_token":
                await TokenError.InvalidGrant.ToResult().ExecuteAsync(context);
                return true;
            default:
                return false;
        }
    }
}
