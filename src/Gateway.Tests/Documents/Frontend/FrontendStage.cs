using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Types;
using Xunit;

namespace FathomGateway.Tests.Documents.Frontend;

/// <summary>The app of docs/frontend.md, with gateways of several settings behind it and a consent page that decides at once.</summary>
public sealed class FrontendStage : IAsyncLifetime
{
    private const string Fallback = "# _redirects", Rewrites = "# _redirects with the gateway behind the app";

    /// <summary>The host of previews in the document, on this machine.</summary>
    public const string PreviewHost = "your-site.netlify.test";

    private readonly int _port = FreePort.Next();
    private readonly int _rewritingPort = FreePort.Next();
    private readonly int _rewrittenPort = FreePort.Next();
    private FrontendSite? _site;
    private FrontendSite? _rewritingSite;

    /// <summary>Why there is no app; null where there is one.</summary>
    private string? _obstacle;

    /// <summary>Whether the user denies at the consent page.</summary>
    internal bool Denies { get; set; }

    internal Uri Site => Built(_site).Address;

    /// <summary>The app with the gateway behind its own origin.</summary>
    internal Uri RewritingSite => Built(_rewritingSite).Address;

    /// <summary>Nothing binds; status and previews are allowed.</summary>
    internal Stage Plain { get; private set; } = null!;

    internal Stage Confirming { get; private set; } = null!;

    /// <summary>Behind the rewrites, bound by a cookie.</summary>
    internal Stage Rewritten { get; private set; } = null!;

    /// <summary>One that has no Redis.</summary>
    internal Stage WithoutRedis { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var previews = new Document("docs/frontend.md").Blocks("ini").Single().Content.Trim().Split('=')[1]
            .Replace("https:", "http:", StringComparison.Ordinal)
            .Replace("your-site.netlify.app", $"{PreviewHost}:{_port}", StringComparison.Ordinal);
        Plain = await StartAsync(_port, 0, ("PUBLIC_STATUS", "true"), ("CORS_ORIGINS", previews));
        Confirming = await StartAsync(_port, 0, ("LINK_BINDING", "confirm"));
        Rewritten = await StartAsync(_rewritingPort, _rewrittenPort, ("LINK_BINDING", "cookie"));
        WithoutRedis = await StartAsync(_port, 0, ("REDIS_URL", "redis://127.0.0.1:9"));
        _obstacle = await FrontendSite.Packages.ObstacleAsync();
        if (_obstacle is not null) return;
        _site = await FrontendSite.StartAsync(_port, Fallback);
        _rewritingSite = await FrontendSite.StartAsync(_rewritingPort, Rewrites, Rewritten.Gateway.Public);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stage in new[] { Plain, Confirming, Rewritten, WithoutRedis }) await stage.DisposeAsync();
        if (_site is not null) await _site.DisposeAsync();
        if (_rewritingSite is not null) await _rewritingSite.DisposeAsync();
    }

    /// <summary>A page of the app in a new browser context.</summary>
    /// <param name="jwt">Null for a user whose sign-in is still under way.</param>
    /// <param name="gateway">The app's <c>VITE_API_URL</c>.</param>
    internal async Task<IPage> OpenAsync(Browser browser, string? jwt, string gateway, string at = "dashboard", Uri? site = null)
    {
        var page = await browser.NewPageAsync();
        var status = gateway == Address(Plain) ? "true" : "false";
        var signedIn = jwt is null ? "" : $"sessionStorage.jwt = '{jwt}';";
        await page.Context.AddInitScriptAsync($"gatewayAddress = '{gateway}'; fathomStatus = '{status}'; {signedIn}");
        await page.GotoAsync($"{site ?? Site}{at}");
        return page;
    }

    /// <summary>The origin of a gateway, as an app is told it.</summary>
    internal static string Address(Stage stage) => $"{stage.Gateway.Public}".TrimEnd('/');

    /// <summary>Skips the test where npm has no packages.</summary>
    private FrontendSite Built(FrontendSite? site)
    {
        Assert.SkipWhen(_obstacle is not null, _obstacle ?? "");
        return site!;
    }

    private async Task<Stage> StartAsync(int site, int port, params (string Name, string? Value)[] settings)
    {
        port = port == 0 ? FreePort.Next() : port;
        var callback = port == _rewrittenPort ? $"http://127.0.0.1:{site}/fathom/callback" : $"http://127.0.0.1:{port}/fathom/callback";
        var stage = await Stage.StartAsync(
            [("PORT", $"{port}"), ("FATHOM_REDIRECT_URI", callback), ("FRONTEND_URL", $"http://127.0.0.1:{site}"), .. settings]);
        stage.Provider.Server.Given(Request.Create().WithPath("/authorize")).RespondWith(Response.Create().WithCallback(Decide));
        return stage;
    }

    private ResponseMessage Decide(IRequestMessage request)
    {
        var query = request.Query!;
        var decision = Denies ? "error=access_denied" : $"code={Fresh.Code()}";
        var location = $"{query["redirect_uri"][0]}?{decision}&state={query["state"][0]}";
        return new ResponseMessage
        {
            StatusCode = 302,
            Headers = new Dictionary<string, WireMockList<string>> { ["Location"] = new(location) },
        };
    }
}
