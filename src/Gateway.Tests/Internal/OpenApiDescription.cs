using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Xunit;

namespace FathomGateway.Tests.Internal;

/// <summary>The document that the internal listener serves about itself, held against what it does.</summary>
internal static class OpenApiDescription
{
    private static readonly Lazy<ReadResult> Result = new(Read);

    public static ReadResult Read(string json) => OpenApiDocument.Parse(json, "json");

    /// <summary>
    /// Fails where the document says otherwise: an answer that it does not know, or a refusal of something that it promises.
    /// </summary>
    public static void Describes(HttpMethod method, string target, int status)
    {
        var path = $"/{target.TrimStart('/').Split('?')[0]}";
        var operation = Find(method, path) ?? (method == HttpMethod.Head ? Find(HttpMethod.Get, path) : null);
        if (status == 405)
        {
            Assert.True(operation is null, $"{method} {target} is refused and described");
            return;
        }

        if (operation is null)
        {
            Assert.True(status is 401 or 404, $"{method} {target} is answered with {status} and not described");
            return;
        }

        Assert.True(
            operation.Responses!.ContainsKey($"{status}") || operation.Responses.ContainsKey("default"),
            $"{method} {target}: {status} is not described");
    }

    private static OpenApiOperation? Find(HttpMethod method, string path)
    {
        foreach (var (template, item) in Result.Value.Document!.Paths)
        {
            var pattern = Regex.Escape(template)
                .Replace("\\{userId}", "[^/]*", StringComparison.Ordinal)
                .Replace("\\{id}", "[^/]*", StringComparison.Ordinal)
                .Replace("/\\{path}", "(/.*)?", StringComparison.Ordinal);
            if (Regex.IsMatch(path, $"^{pattern}/?$", RegexOptions.IgnoreCase) && item.Operations!.TryGetValue(method, out var operation))
                return operation;
        }

        return null;
    }

    private static ReadResult Read()
    {
        using var resource = typeof(Program).Assembly.GetManifestResourceStream("FathomGateway.Internal.openapi.json")!;
        using var reader = new StreamReader(resource);
        return Read(reader.ReadToEnd());
    }
}
