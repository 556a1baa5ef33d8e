using Microsoft.Playwright;

namespace FathomGateway.Tests.Kit;

/// <summary>
/// One headless Chromium for the whole run, started when the first test asks for a page. <c>CHROMIUM</c> names another executable.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    /// <summary>
    /// How long an element or an expectation may take, in milliseconds: twice the longest that the gateway gives a provider.
    /// </summary>
    private const int MaxWait = 60_000;

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Chromium)>> _browser = new(StartAsync);

    /// <summary>An empty page in a new context: own cookies, own storage, own cache. Closing the context closes the page.</summary>
    public async Task<IPage> NewPageAsync()
    {
        var (_, chromium) = await _browser.Value;
        var context = await chromium.NewContextAsync();
        context.SetDefaultTimeout(MaxWait);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            var (playwright, chromium) = await _browser.Value;
            await chromium.CloseAsync();
            playwright.Dispose();
        }
    }

    private static async Task<(IPlaywright Playwright, IBrowser Chromium)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(MaxWait);
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        var given = Environment.GetEnvironmentVariable("CHROMIUM");
        var executable = Programs.Find(
            "chromium",
            "apt-get install chromium",
            given is null ? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"] : [given]);
        var playwright = await Playwright.CreateAsync();
        var chromium = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Args = [
                "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--no-first-run", "--disable-quic",
                // Every *.test name is this machine and no other name exists: a page can be cross-site, and none can leave the machine.
                "--host-resolver-rules=MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
            ],
        });
        return (playwright, chromium);
    }
}
