using FathomGateway.Sandbox.Show;

namespace FathomGateway.Sandbox.Provider;

/// <summary>Stands in front of the stand-in's endpoints: tells the show who came, and does wrong what was asked for.</summary>
internal sealed class Faults(Hops hops, ProviderSettings settings)
{
    private const string AuthorizePath = "/v1/oauth/authorize", TokenPath = "/v1/oauth/token";

    // Long enough to be seen, and within the patience of the gateway.
    private static readonly TimeSpan Thought = TimeSpan.FromSeconds(4);

    /// <summary>What goes wrong from now on.</summary>
    public Fault Standing { get; set; }

    /// <summary>Handles a request, or hands it on.</summary>
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var (request, cancellation) = (context.Request, context.RequestAborted);
        switch (request.Method, request.Path.Value)
        {
            case ("GET", AuthorizePath):
                hops.Add("browser", "fathom", "consent page");
                if (Standing == Fault.Deny && AuthorizationRequest.WhyNotToRedirect(request.Query, settings) is null)
                {
                    context.Response.Redirect(AuthorizationRequest.From(request.Query).Refusing("access_denied"));
                    hops.Add("fathom", "browser", "denied, without a question", "bad");
                    return;
                }

                break;
            case ("POST", AuthorizePath):
                await next(context);
                hops.Add("fathom", "browser", "back to /fathom/callback, with the person’s answer");
                return;
            case ("POST", TokenPath) when request.HasFormContentType:
                var exchange = (await request.ReadFormAsync(cancellation))["grant_type"] == "authorization_code";
                if (exchange) hops.Add("browser", "gateway", "GET /fathom/callback, with code and state");
                if (exchange) hops.Add("store", "gateway", "state redeemed: it is gone");
                hops.Add("gateway", "fathom", exchange ? "exchange the code for tokens" : "refresh the tokens");
                if (await FailsAsync(context, exchange, cancellation)) return;
                break;
            case ("GET", "/v1/meetings"):
                hops.Add("gateway", "fathom", "GET /meetings, with the user’s token");
                break;
        }

        await next(context);
    }

    private async Task<bool> FailsAsync(HttpContext context, bool exchange, CancellationToken cancellation)
    {
        switch (Standing)
        {
            case Fault.Slow:
                await Task.Delay(Thought, cancellation);
                return false;
            case Fault.Error:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return true;
            case Fault.Refuse when !exchange:
                await TokenError.InvalidGrant.ToResult().ExecuteAsync(context);
                return true;
            case Fault.Reset:
                context.Abort();
                return true;
            default:
                return false;
        }
    }
}
