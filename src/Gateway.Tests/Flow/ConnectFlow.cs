using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FathomGateway.Tests.Kit;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace FathomGateway.Tests.Flow;

/// <summary>The steps of a user's browser, one method each.</summary>
internal static class ConnectFlow
{
    /// <summary>Begins to connect and returns the state of the authorization request.</summary>
    public static async Task<string> BeginAsync(GatewayUnderTest gateway, string userId)
    {
        using var response = await RetryClient.AskAsync(() => ConnectAsync(gateway, userId));
        Assert.True(response.IsSuccessStatusCode, $"/fathom/connect answered {response.StatusCode}\n{gateway.Log}");
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return QueryHelpers.ParseQuery(new Uri(answer.GetProperty("url").GetString()!).Query)["state"]!;
    }

    private static async Task<HttpResponseMessage> ConnectAsync(GatewayUnderTest gateway, string userId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "fathom/connect");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Jwt.For(userId));
        return await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Returns from the provider with a code; the result is where the browser is sent, without the frontend's address.</summary>
    public static async Task<string> ReturnAsync(GatewayUnderTest gateway, string state, string code = "a-code")
    {
        using var response =
            await gateway.Client.GetAsync($"fathom/callback?code={code}&state={state}", TestContext.Current.CancellationToken);
        return response.Headers.Location!.OriginalString[TestSettings.FrontendUrl.Length..];
    }
}
