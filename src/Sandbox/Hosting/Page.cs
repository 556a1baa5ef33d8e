using System.Text;
using System.Text.Encodings.Web;

namespace FathomGateway.Sandbox.Hosting;

/// <summary>Pages and their files, read from the assembly.</summary>
internal static class Page
{
    /// <summary>The file at <paramref name="path"/>, for example <c>Frontend/Pages/dashboard.html</c>.</summary>
    public static string Read(string path)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream(path) ?? throw new FileNotFoundException("No such page.", path);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Fills each <c>{{name}}</c> of a page. Every value is HTML-encoded, without exception.</summary>
    public static string Fill(string path, params (string Name, string Value)[] values) =>
        values.Aggregate(Read(path), (page, value) =>
            page.Replace($"{{{{{value.Name}}}}}", HtmlEncoder.Default.Encode(value.Value), StringComparison.Ordinal));

    /// <summary>Serves each named file of a folder under its own name.</summary>
    public static void MapFiles(this IEndpointRouteBuilder app, string folder, params string[] names)
    {
        foreach (var name in names)
        {
            var (text, type) = (Read($"{folder}/{name}"), ContentType(name));
            app.MapGet($"/{name}", (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-cache";
                return Results.Text(text, type, Encoding.UTF8);
            });
        }
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css",
        ".js" => "text/javascript",
        ".svg" => "image/svg+xml",
        var other => throw new NotSupportedException($"No content type for {other}."),
    };
}
