using System.Collections.Concurrent;
using FathomGateway.Sandbox;
using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.Sandbox;

/// <summary>A person's visit: a sandbox, a page in it, and what that person does.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly SandboxEnvironment _sandbox;
    private readonly ConcurrentQueue<string> _redLines = [];

    private Visit(SandboxEnvironment sandbox, IPage page)
    {
        (_sandbox, Page) = (sandbox, page);
        page.Context.Console += (_, message) =>
        {
            if (message.Type == "error") _redLines.Enqueue($"{message.Page?.Url}: {message.Text}");
        };
        page.Context.WebError += (_, failure) => _redLines.Enqueue(failure.Error);
    }

    public IPage Page { get; }

    public Uri Dashboard => _sandbox.Dashboard;

    public Uri Gateway => _sandbox.Gateway;

    /// <summary>What the browser's console shows in red, of all pages of the visit.</summary>
    public IReadOnlyList<string> RedLines => [.. _redLines];

    public ILocator Outcome => Page.GetByTestId("outcome");

    /// <summary>Starts a sandbox and opens its dashboard, signed out.</summary>
    public static async Task<Visit> BeginAsync(Browser browser, SandboxOptions? options = null)
    {
        var sandbox = await SandboxEnvironment.StartAsync(options ?? new SandboxOptions(), TestContext.Current.CancellationToken);
        var visit = new Visit(sandbox, await browser.NewPageAsync());
        await visit.Page.GotoAsync(sandbox.Dashboard.AbsoluteUri);
        return visit;
    }

    /// <summary>Opens another page of the sandbox in a window beside.</summary>
    public async Task<IPage> OpenBesideAsync(string path)
    {
        var page = await Page.Context.NewPageAsync();
        await page.SetViewportSizeAsync(1220, 900);
        await page.GotoAsync(new Uri(Dashboard, path).AbsoluteUri);
        return page;
    }

    public async Task SignInAsync(string user = "ann")
    {
        await Page.GetByTestId($"sign-in-{user}").ClickAsync();
        await Page.GetByTestId("connect").WaitForAsync();
    }

    /// <summary>Presses Connect and waits for the provider's page.</summary>
    public async Task ConnectAsync()
    {
        await Page.GetByTestId("connect").ClickAsync();
        await Page.GetByTestId("allow").WaitForAsync();
    }

    /// <summary>Presses Allow or Deny and waits until the dashboard tells how it went.</summary>
    public async Task DecideAsync(string decision)
    {
        await Page.GetByTestId(decision).ClickAsync();
        await Outcome.WaitForAsync();
    }

    /// <summary>The outcome's code, as the page tells it to programs.</summary>
    public async Task<string?> OutcomeAsync()
    {
        await Outcome.WaitForAsync();
        return await Outcome.GetAttributeAsync("data-outcome");
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        await _sandbox.DisposeAsync();
    }
}
