using System.Text.RegularExpressions;

namespace FathomGateway.Tests.Sandbox;

/// <summary>The consent page of the stand-in Fathom, answered without a browser.</summary>
internal static partial class Consent
{
    /// <summary>Opens the page and presses a button of it; where the browser is then sent.</summary>
    /// <param name="decision"><c>allow</c> or <c>deny</c>.</param>
    public static async Task<Uri> DecideAsync(HttpClient http, Uri page, string decision)
    {
        using var form = new FormUrlEncodedContent(
            [new("ticket", Ticket(await http.GetStringAsync(page))), new("decision", decision)]);
        using var answer = await http.PostAsync(new Uri(page, "/v1/oauth/authorize"), form);
        return answer.Headers.Location!;
    }

    /// <summary>What the form of the page carries.</summary>
    public static string Ticket(string html) => Pattern().Match(html).Groups[1].Value;

    [GeneratedRegex("name=\"ticket\" value=\"([^\"]+)\"")]
    private static partial Regex Pattern();
}
