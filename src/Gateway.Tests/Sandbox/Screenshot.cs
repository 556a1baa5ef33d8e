using FathomGateway.Tests.House;
using Microsoft.Playwright;

namespace FathomGateway.Tests.Sandbox;

/// <summary>Pictures of pages for people to look at, in <c>artifacts/screenshots</c> at the root of the repository.</summary>
internal static class Screenshot
{
    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "screenshots");
    private static readonly string Documents = Path.Combine(Repository.Root, "docs", "images");

    // A run of the tests must not change the repository: the documents get new pictures when somebody says so.
    private static readonly bool Renew = Environment.GetEnvironmentVariable("UPDATE_IMAGES") == "1";

    /// <summary>Takes the whole page, once light and once dark.</summary>
    /// <param name="forDocuments">Whether the documents show it: then <c>docs/images</c> gets it where it lacks it, or where UPDATE_IMAGES is 1.</param>
    public static async Task TakeAsync(IPage page, string name, bool forDocuments = false)
    {
        foreach (var (scheme, suffix) in new[] { (ColorScheme.Dark, "-dark"), (ColorScheme.Light, "") })
        {
            var (file, kept) = (Path.Combine(Folder, $"{name}{suffix}.png"), Path.Combine(Documents, $"{name}{suffix}.png"));
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.ScreenshotAsync(new() { Path = file, FullPage = true, Animations = ScreenshotAnimations.Disabled });
            if (forDocuments && (Renew || !File.Exists(kept))) File.Copy(file, kept, overwrite: true);
        }
    }
}
