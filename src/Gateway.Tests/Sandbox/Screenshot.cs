using FathomGateway.Tests.Conventions;
using Microsoft.Playwright;

namespace FathomGateway.Tests.Sandbox;

/// <summary>Pictures of pages for people to look at, in <c>artifacts/screenshots</c> at the root of the repository.</summary>
internal static class Screenshot
{
    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "screenshots");
    private static readonly string Documents = Path.Combine(Repository.Root, "docs", "images");

    // A run of the tests must not change the repository: the documents get new pictures on request only.
    private static readonly bool Renew = Environment.GetEnvironmentVariable("UPDATE_IMAGES") == "1";

    /// <summary>Takes the whole page, once light and once dark.</summary>
    /// <param name="forDocuments">Whether the documents show it: then it begins at the first card, and <c>docs/images</c> gets it where it
    /// lacks it, or where UPDATE_IMAGES is 1.</param>
    public static async Task TakeAsync(IPage page, string name, bool forDocuments = false)
    {
        foreach (var (scheme, suffix) in new[] { (ColorScheme.Dark, "-dark"), (ColorScheme.Light, "") })
        {
            var (file, kept) = (Path.Combine(Folder, $"{name}{suffix}.png"), Path.Combine(Documents, $"{name}{suffix}.png"));
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.ScreenshotAsync(new()
            {
                Path = file,
                FullPage = true,
                Animations = ScreenshotAnimations.Disabled,
                Clip = forDocuments ? await FromFirstCardAsync(page) : null
            });
            if (forDocuments && (Renew || !File.Exists(kept))) File.Copy(file, kept, overwrite: true);
        }
    }

    private static async Task<Clip> FromFirstCardAsync(IPage page)
    {
        var (first, main) = ((await page.Locator(".card").First.BoundingBoxAsync())!, (await page.Locator("main").BoundingBoxAsync())!);
        const int margin = 20;
        return new Clip
        {
            X = 0,
            Y = first.Y - margin,
            Width = main.X + main.Width + main.X,
            Height = main.Y + main.Height - first.Y - margin
        };
    }
}
