using System.Text;
using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Show;

namespace FathomGateway.Sandbox.Frontend;

/// <summary>Stands for the existing web app: one page on an origin of its own, that reaches the backend through the gateway only.</summary>
internal sealed class FrontendStandIn : IAsyncDisposable
{
    private const string PortOption = "--port";

    private readonly LoopbackServer _server;

    private FrontendStandIn(LoopbackServer server) => _server = server;

    /// <summary>Scheme, host and port.</summary>
    public Uri Address => _server.Address;

    /// <summary>Starts on <paramref name="port"/>, or a free one for 0. Throws <see cref="PortUnavailableException"/> when it cannot be had.</summary>
    /// <param name="expireAccessTokens">What the page's "Expire the access token now" does, which only a sandbox can.</param>
    /// <param name="more">Further routes, of the show.</param>
    public static async Task<FrontendStandIn> StartAsync(
        int port, string gateway, SandboxStores stores, Action expireAccessTokens, CancellationToken cancellation, string linkBinding = "none",
        Action<IEndpointRouteBuilder>? more = null)
    {
        try
        {
            return new(await LoopbackServer.StartAsync(port, _ => { }, app => MapRoutes(app, gateway, stores, expireAccessTokens, linkBinding, more), cancellation));
        }
        catch (Exception exception) when (Binding.Failed(exception))
        {
            throw new PortUnavailableException(port, PortOption, exception);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static void MapRoutes(WebApplication app, string gateway, SandboxStores stores, Action expireAccessTokens, string linkBinding, Action<IEndpointRouteBuilder>? more)
    {
        more?.Invoke(app);
        app.MapGet("/show", (HttpContext context) => Content(context, gateway, "show.html", ("states", stores.StatesName), ("rows", stores.RowsName)));
        app.MapGet("/", () => Results.Redirect("/dashboard"));
        app.MapGet("/dashboard", (HttpContext context) => Content(context, gateway, "dashboard.html", ("rows", stores.RowsName)));
        app.MapGet("/attack", (HttpContext context) => Content(context, gateway, "attack.html", ("binding", linkBinding)));
        app.MapFiles("Frontend/Pages", "attack.js", "confirm.js");
        app.MapGet("/sandbox/stored/{user}", stores.Rows.RowAsync);
        app.MapPost("/sandbox/expire", () =>
        {
            expireAccessTokens();
            return Results.NoContent();
        });
        app.MapFiles("Frontend/Pages",
            "theme.css", "layout.css", "controls.css", "journey.css", "panels.css", "meetings.css", "favicon.svg",
            "dashboard.js", "session.js", "gateway.js", "outcome.js", "journey.js", "view.js", "stored.js", "meetings.js", "echo.js");
    }

    private static IResult Content(HttpContext context, string gateway, string page, params (string Name, string Value)[] values)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self' {gateway}; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return Results.Content(Page.Fill($"Frontend/Pages/{page}", [("gateway", gateway), .. values]), "text/html", Encoding.UTF8);
    }
}
