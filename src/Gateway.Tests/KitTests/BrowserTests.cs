using FathomGateway.Tests.Kit;
using Microsoft.Playwright;
using Xunit;

namespace FathomGateway.Tests.KitTests;

[Trait("Speed", "Slow")]
public sealed class BrowserTests(Browser browser)
{
    [Fact]
    public async Task A_page_from_loopback_runs_its_script()
    {
        await using var server = RecordingBackend.Start();
        const string Page = "<!doctype html><title>before</title><script>document.title = 'after'</script>";
        server.Answers($"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {Page.Length}\r\n\r\n{Page}");

        var page = await browser.NewPageAsync();
        await page.GotoAsync(server.Address.ToString());

        Assert.Equal("after", await page.TitleAsync());
        Assert.Contains(server.Requests, request => request.Head.Target == "/");
    }

    [Fact]
    public async Task Names_under_test_are_this_machine_and_others_do_not_exist()
    {
        await using var server = RecordingBackend.Start();
        var page = await browser.NewPageAsync();

        var response = await page.GotoAsync($"http://app.test:{server.Address.Port}/");

        Assert.Equal(200, response!.Status);
        await Assert.ThrowsAsync<PlaywrightException>(() => page.GotoAsync("http://example.com/"));
    }
}
