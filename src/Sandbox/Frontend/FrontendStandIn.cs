using System.Text;
using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Show;

namespace FathomGateway.Sandbox.Frontend;

/// <summary>A stand-in for the existing web app: one page on its own origin, which reaches the backend through the gateway only.</summary>
internal sealed class FrontendStandIn : IAsyncDisposable
{
    private const string PortOption = "--port";

    private readonly LoopbackServer _server;

    private FrontendStandIn(LoopbackServer server) => _server = server;

    /// <summary>Scheme, host and port.</summary>
    public Uri Address => _server.Address;

    /// <summary>
    /// Starts on <paramref name="port"/>, or a free one for 0. Throws <see cref="PortUnavailableException"/> when it cannot be bound.
    /// </summary>
    /// <param name="expireAccessTokens">What the page's "Expire the access token now" does, which only a sandbox can.</param>
    /// <param name="more">Further routes, for the page that shows the flow.</param>
    public static async Task<FrontendStandIn> StartAsync(
        int port,
        string gateway,
        SandboxStores stores,
        Action expireAccessTokens,
        CancellationToken cancellation,
        string linkBinding = "none",
        Action<IEndpointRouteBuilder>? more = null)
    {
        try
        {
            return new FrontendStandIn(await LoopbackServer.StartAsync(port, _ => { }, MapRoutes, cancellation));
        }
        catch (Exception exception) when (Binding.Failed(exception))
        {
            throw new PortUnavailableException(port, PortOption, exception);
        }

        void MapRoutes(WebApplication app)
        {
            more?.Invoke(app);
            MapPages(app, gateway, stores, linkBinding);
            app.MapGet("/sandbox/stored/{user}", stores.Rows.RowAsync);
            app.MapPost("/sandbox/expire", () =>
            {
                expireAccessTokens();
                return Results.NoContent();
            });
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static void MapPages(WebApplication app, string gateway, SandboxStores stores, string linkBinding)
    {
        (string, string)[] values = [("states", stores.StatesName), ("rows", stores.RowsName), ("binding", linkBinding)];
        app.MapGet("/", () => Results.Redirect(SandboxEnvironment.ReturnPath));
        app.MapGet(SandboxEnvironment.ReturnPath, context => ServeAsync(context, "dashboard.html"));
        app.MapGet("/show", context => ServeAsync(context, "show.html"));
        app.MapGet("/attack", context => ServeAsync(context, "attack.html"));
        app.MapFiles(
            "Frontend/Pages",
            "theme.css", "layout.css", "controls.css", "journey.css", "panels.css", "meetings.css", "attack.css", "favicon.svg",
            "dashboard.js", "session.js", "gateway.js", "outcome.js", "journey.js", "view.js", "stored.js", "meetings.js", "echo.js",
            "next.js", "panels.js", "attack.js", "confirm.js");

        Task ServeAsync(HttpContext context, string page) => Content(context, gateway, page, values).ExecuteAsync(context);
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
