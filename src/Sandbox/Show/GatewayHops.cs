using System.Globalization;
using FathomGateway.Hosting;
using FathomGateway.State;
using Microsoft.AspNetCore.WebUtilities;

namespace FathomGateway.Sandbox.Show;

/// <summary>Middleware in front of the gateway that reports each request and its answer.</summary>
/// <remarks>The gateway behind it is the product, unchanged.</remarks>
internal sealed class GatewayHops(Watch watch) : IStartupFilter
{
    /// <summary>The <c>User-Agent</c> of the stand-in Fathom when it sends the callback in place of a browser.</summary>
    public const string FathomAgent = "fathom-stand-in";

    private readonly Hops _hops = watch.Hops;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        var ports = app.ApplicationServices.GetRequiredService<ListenerPorts>();
        app.Use((context, following) => HandleAsync(context, following, ports.Internal));
        next(app);
    };

    private Task HandleAsync(HttpContext context, RequestDelegate next, int internalPort)
    {
        var path = context.Request.Path.Value!;
        if (context.Connection.LocalPort == internalPort)
            return path.StartsWith("/connections/", StringComparison.Ordinal) ? BackendRequestAsync(context, next) : next(context);
        return (context.Request.Method, path) switch
        {
            ("GET", "/fathom/connect") => ConnectAsync(context, next),
            ("GET", "/fathom/callback") => CallbackAsync(context, next),
            ("POST", "/fathom/confirm") => ConfirmAsync(context, next),
            _ => next(context), // Forwarded requests are not shown.
        };
    }

    private async Task ConnectAsync(HttpContext context, RequestDelegate next)
    {
        var credentials = context.Request.Headers.Authorization.Count > 0 ? "with a JWT" : "without a JWT";
        _hops.Add("browser", "gateway", $"GET /fathom/connect, {credentials}");
        await next(context);
        await watch.RefreshAsync();
        var granted = context.Response.StatusCode == StatusCodes.Status200OK;
        _hops.Add("gateway", "browser", granted ? "the address of the consent page" : Refusal(context.Response), granted ? "plain" : "bad");
    }

    private async Task CallbackAsync(HttpContext context, RequestDelegate next)
    {
        var (query, from) = (context.Request.Query, context.Request.Headers.UserAgent == FathomAgent ? "fathom" : "browser");
        _hops.Add(from, "gateway", $"GET /fathom/callback, with {(query.ContainsKey("error") ? "error" : "code")} and state");
        var states = context.RequestServices.GetRequiredService<SignedState>();
        var nonce = states.TryRead(query["state"], out _, out var read) ? read.Text : null;
        var again = nonce is not null && watch.Deliveries.Begin(nonce);
        await next(context);
        if (nonce is not null) watch.Deliveries.End(nonce);
        await watch.RefreshAsync();

        var outcome = Outcome(context.Response);
        _hops.Add("gateway", from, $"back to the app: {outcome}{(again ? ", as before" : "")}", outcome switch
        {
            "connected" => "good",
            "access_denied" or "to be confirmed" => "plain",
            _ => "bad",
        });
    }

    private async Task ConfirmAsync(HttpContext context, RequestDelegate next)
    {
        _hops.Add("browser", "gateway", "POST /fathom/confirm, with a JWT");
        await next(context);
        await watch.RefreshAsync();
        var granted = context.Response.StatusCode == StatusCodes.Status200OK;
        _hops.Add("gateway", "browser", granted ? "confirmed: connected" : Refusal(context.Response), granted ? "good" : "bad");
    }

    private async Task BackendRequestAsync(HttpContext context, RequestDelegate next)
    {
        _hops.Add("backend", "gateway", $"{context.Request.Method} {context.Request.Path}");
        await next(context);
        await watch.RefreshAsync();
        var status = context.Response.StatusCode;
        _hops.Add("gateway", "backend", status switch
        {
            StatusCodes.Status200OK => "200",
            StatusCodes.Status404NotFound => "404: not connected",
            StatusCodes.Status403Forbidden or StatusCodes.Status409Conflict => $"{status}: must connect again",
            _ => Refusal(context.Response),
        }, status is StatusCodes.Status200OK or StatusCodes.Status404NotFound ? "plain" : "bad");
    }

    private static string Refusal(HttpResponse response) => response.Headers.RetryAfter is [{ } seconds]
        ? string.Create(CultureInfo.InvariantCulture, $"{response.StatusCode}: try again in {seconds} s")
        : string.Create(CultureInfo.InvariantCulture, $"refused with {response.StatusCode}");

    /// <summary>The result in the address to which the browser returns.</summary>
    private static string Outcome(HttpResponse response)
    {
        if (!Uri.TryCreate(response.Headers.Location, UriKind.Absolute, out var address)) return "nowhere yet";
        if (address.Fragment.Length > 0) return "to be confirmed";
        var query = QueryHelpers.ParseQuery(address.Query);
        return query["fathom_successful"] == "true" ? "connected" : query["fathom_error"].ToString();
    }
}
