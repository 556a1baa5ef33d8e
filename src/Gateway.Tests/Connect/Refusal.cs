using System.Net;
using System.Text.Json;
using Xunit;

namespace FathomGateway.Tests.Connect;

/// <summary>What all refusals of /fathom/connect have in common.</summary>
internal static class Refusal
{
    public static async Task IsUnauthorizedAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains(response.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");
        await IsProblemAsync(response);
    }

    /// <summary>The body is a problem of RFC 9457 that says the same as the status line.</summary>
    public static async Task IsProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((int)response.StatusCode, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.RootElement.GetProperty("title").GetString());
    }

    public static void AsksToRetry(HttpResponseMessage response) =>
        Assert.InRange(response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
}
