using Microsoft.Playwright;

namespace FathomGateway.Tests.Sandbox;

/// <summary>Pictures of pages for people to look at, in <c>artifacts/screenshots</c> at the root of the repository.</summary>
internal static class Screenshot
{
    private static readonly string Folder = Path.Combine(Root(), "artifacts", "screenshots");

    /// <summary>Takes the whole page, once light and once dark.</summary>
    public static async Task TakeAsync(IPage page, string name)
    {
        foreach (var (scheme, suffix) in new[] { (ColorScheme.Dark, "-dark"), (ColorScheme.Light, "") })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}{suffix}.png"), FullPage = true });
        }
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "FathomGateway.sln")))
                return folder.FullName;
        return AppContext.BaseDirectory;
    }
}
