using FathomGateway.Sandbox.Provider;

namespace FathomGateway.Sandbox.Show;

/// <summary>Middleware in front of the stand-in Fathom that reports each request and its answer.</summary>
internal sealed class FathomHops(Watch watch)
{
    private const string AuthorizePath = "/v1/oauth/authorize", TokenPath = "/v1/oauth/token", MeetingsPath = "/v1/meetings";

    private readonly Hops _hops = watch.Hops;

    /// <summary>Handles a request.</summary>
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("GET", AuthorizePath):
                _hops.Add("browser", "fathom", "opens the consent page");
                await next(context);
                if (context.Response.StatusCode != StatusCodes.Status200OK) ReportBrowser(context.Response);
                break;
            case ("POST", AuthorizePath):
                await next(context);
                ReportBrowser(context.Response);
                break;
            case ("POST", TokenPath) when context.Request.HasFormContentType:
                await watch.RefreshAsync();
                var form = await context.Request.ReadFormAsync(context.RequestAborted);
                var isExchange = form["grant_type"] == "authorization_code";
                _hops.Add("gateway", "fathom", isExchange ? "exchanges the code for tokens" : "refreshes the tokens");
                await next(context);
                ReportGateway(context, "tokens");
                break;
            case ("GET", MeetingsPath):
                await watch.RefreshAsync();
                _hops.Add("gateway", "fathom", "GET /meetings, with the access token");
                await next(context);
                ReportGateway(context, "meetings");
                break;
            default:
                await next(context);
                break;
        }
    }

    private void ReportBrowser(HttpResponse response)
    {
        var location = response.Headers.Location.ToString();
        if (location.Length == 0)
            _hops.Add("fathom", "browser", $"refused with {response.StatusCode}", "bad");
        else if (location.Contains("error=", StringComparison.Ordinal))
            _hops.Add("fathom", "browser", "denied: back to the callback without a code");
        else
            _hops.Add("fathom", "browser", "allowed: back to the callback with a code");
    }

    private void ReportGateway(HttpContext context, string wanted)
    {
        var (status, wasReset) = (context.Response.StatusCode, context.Items.ContainsKey(Faults.WasReset));
        var isJson = context.Response.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true;
        var good = status == StatusCodes.Status200OK && !wasReset && isJson;
        _hops.Add("fathom", "gateway", (wasReset, good, status) switch
        {
            (true, _, _) => "hangs up",
            (_, true, _) => wanted,
            (_, _, StatusCodes.Status200OK) => "200, and no JSON",
            _ => $"refused with {status}",
        }, good ? "good" : "bad");
    }
}
