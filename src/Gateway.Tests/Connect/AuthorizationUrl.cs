using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>The URL that /fathom/connect answers with, its parameters decoded.</summary>
internal sealed class AuthorizationUrl
{
    private AuthorizationUrl(string text)
    {
        Text = text;
        Parameters = QueryHelpers.ParseQuery(new Uri(text).Query).ToDictionary(pair => pair.Key, pair => Assert.Single(pair.Value)!);
    }

    public string Text { get; }

    /// <summary>Without the query.</summary>
    public string Endpoint => new Uri(Text).GetLeftPart(UriPartial.Path);

    public IReadOnlyDictionary<string, string> Parameters { get; }

    public string this[string name] => Parameters[name];

    public static async Task<AuthorizationUrl> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response}\n{body}");
        return new AuthorizationUrl(JsonDocument.Parse(body).RootElement.GetProperty("url").GetString()!);
    }
}
